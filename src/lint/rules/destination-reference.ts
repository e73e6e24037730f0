// Do the hosts, ports and subsets that a VirtualService sends requests to exist? Missing where what the files hold counts as all
// there is (resources/services.ts) and none fits, else unknown. After pkg/config/analysis/analyzers/virtualservice/{destinationhosts,
// destinationrules}.go (Istio of 2026-08-22), which call everything outside of the files missing; what the gateway does:
// fixtures/truth/istio (flag NC).

import { subsetOf } from '../../implementations/istio/hosts.js';
import {
  type Action,
  type EffectiveGateway,
  formatPath,
  formatResource,
  type Origin,
  originOf,
  type Resource,
  routesOf,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { at, numberOf, objectOf, objectsOf, specOf, stringOf, stringsOf } from '../../resources/fields.js';
import { perCatalog, scopeOf } from '../../resources/kept-answers.js';
import { completeName } from '../../resources/services.js';
import { destinationRule, documents, service, virtualService } from '../examples.js';
import { knownHosts, type Lookup } from '../known-hosts.js';
import type { Rule } from '../rule.js';
import { together } from '../together.js';
import { type DestinationPart, eachDestination, virtualServices } from '../virtual-service-parts.js';

const SHOP = service('selector: {app: shop}\nports: [{name: http, port: 80}]');
const TWO_PORTS = service('selector: {app: shop}\nports: [{name: http, port: 80}, {name: admin, port: 8080}]');
const RULE = destinationRule('host: shop\nsubsets: [{name: v1, labels: {version: v1}}]');
const to = (destination: string) =>
  virtualService(`hosts: [shop.example.com]\nhttp:\n- route:\n  - destination: {${destination}}`);
const UNREACHED = 'The gateway has no cluster for it and answers 503 (flag NC).';

const what = (use: DestinationPart['use']): string => (use === 'mirror' ? 'mirror' : 'destination');
/** What becomes of the requests: of weight 0 there are none yet. */
const then = (use: DestinationPart['use']): string =>
  use === 'mirror'
    ? 'nothing is copied there'
    : use === 'idle'
      ? 'requests that a weight above 0 sends there get 503'
      : 'such requests get 503';
const WARNING = { severity: 'warning' } as const;
const ERROR = { severity: 'error' } as const;

/** Of a destination, whether it is named by its own place or by that of the entry that holds it. */
const keyOf = ({ resource, path }: Origin): string =>
  `${resource.order} ${formatPath(path.at(-1) === 'destination' ? path.slice(0, -1) : path)}`;

const isWithoutPort = (action: Action): boolean =>
  action.kind === 'forward' && action.destinations.some(({ to }) => 'host' in to && to.missing === 'port');

/** For destinations without a port that exist on no gateway: the port that each of their servers would take. */
function portsTaken(gateways: readonly EffectiveGateway[]): ReadonlyMap<string, number> {
  const taken = new Map<string, number>();
  if (!gateways.some((gateway) => routesOf(gateway).some(({ action }) => isWithoutPort(action)))) return taken;
  const served = new Set<string>();
  for (const { action, origin: rule } of gateways.flatMap((g) => [...routesOf(g)])) {
    if (action.kind !== 'forward') continue;
    for (const { to, origin = rule } of action.destinations) {
      const key = keyOf(origin);
      if ('host' in to && to.missing === 'port') taken.set(key, to.port);
      else served.add(key);
    }
  }
  for (const key of served) taken.delete(key);
  return taken;
}

/**
 * DestinationRules by host, fully qualified. A wildcard rule with subsets counts for every host that it covers; one without says only
 * how the mesh is reached (`*.local` with mTLS), and the rule of a host with its subsets may be elsewhere.
 */
function subsets(catalog: Catalog) {
  const known = knownHosts(catalog);
  const exact = new Map<string, Set<string>>();
  const wildcards: { host: string; names: Set<string> }[] = [];
  for (const rule of catalog.ofKind('networking.istio.io/DestinationRule')) {
    const spec = specOf(rule);
    const host = known.fullName(stringOf(spec.host) ?? '', rule.namespace);
    const names = exact.get(host) ?? new Set<string>();
    for (const subset of objectsOf(spec.subsets)) if (stringOf(subset.name)) names.add(stringOf(subset.name)!);
    if (!exact.has(host) && host.startsWith('*')) wildcards.push({ host, names });
    exact.set(host, names);
  }
  return (host: string): Set<string> | undefined =>
    exact.get(host) ?? wildcards.find((w) => w.names.size > 0 && subsetOf(host, w.host))?.names;
}

/** A DestinationRule with the subset that another file replaces. */
const replacedWith = (catalog: Catalog, host: string, subset: string) =>
  catalog.replaced.find(
    ({ resource }) =>
      resource.kind === 'DestinationRule' &&
      knownHosts(catalog).fullName(stringOf(specOf(resource).host) ?? '', resource.namespace) === host &&
      objectsOf(specOf(resource).subsets).some((s) => s.name === subset),
  );

/** A VirtualService of the mesh alone for this very host: where it does not exist, nobody finds an address to send a request to. */
function isForItsOwnHost(catalog: Catalog, resource: Resource, full: string): boolean {
  const { hosts, gateways } = specOf(resource);
  const known = knownHosts(catalog);
  return (
    stringsOf(gateways).every((gateway) => gateway === 'mesh') &&
    stringsOf(hosts).some((host) => known.fullName(host, resource.namespace) === full)
  );
}

/** What is to be said about a destination; one without a word is not listed. */
interface Seen extends DestinationPart {
  readonly resource: Resource;
  readonly full: string;
  readonly found: Lookup;
  readonly port: number | undefined;
  readonly subset: 'fine' | 'missing' | 'unknown';
}

/** Destinations that one of the rules below has something to say about: one pass for all of them. */
const doubtful = perCatalog((catalog): readonly Seen[] => {
  const scope = scopeOf(catalog, 'doubtful destinations');
  return virtualServices(catalog).flatMap((resource) => scope.keep(resource, '', () => doubtfulIn(resource, catalog)));
});

const tables = perCatalog((catalog) => ({ known: knownHosts(catalog), subsetsOf: subsets(catalog) }));

function doubtfulIn(resource: Resource, catalog: Catalog): readonly Seen[] {
  const { known, subsetsOf } = tables(catalog);
  const seen: Seen[] = [];
  eachDestination(resource, (destination, host, use, origin) => {
    const full = known.fullName(host, resource.namespace);
    const found = known.lookup(full, resource.namespace);
    const wanted = stringOf(destination.subset);
    const names = wanted ? subsetsOf(full) : undefined;
    // With the Service itself missing, that is what there is to say.
    const subset =
      !wanted || names?.has(wanted) || found.kind === 'missing'
        ? 'fine'
        : names || found.kind === 'found'
          ? 'missing'
          : 'unknown';
    const port = numberOf(objectOf(destination.port)?.number);
    const fits =
      found.kind === 'found' &&
      (port === undefined
        ? found.hosts[0]!.ports.length < 2
        : found.hosts.some((h) => h.ports.some((p) => p.number === port)));
    if (!fits || subset !== 'fine')
      seen.push({ destination, host, use, origin: origin(), resource, full, found, port, subset });
  });
  return seen.length === 0 ? NONE : seen;
}

const NONE: readonly Seen[] = [];

export const rules: readonly Rule[] = [
  {
    code: 'MGW0102',
    name: 'destination-host-not-found',
    severity: 'error',
    category: 'reference',
    istio: 'IST0101',
    kiali: 'KIA1101',
    title: 'The Service of a destination does not exist',
    docs: () => ({
      happens: UNREACHED,
      instead: 'The name of a Service; in another namespace with its full name, shop.team-a.svc.cluster.local.',
      bad: documents(SHOP, to('host: shopp')),
      good: documents(SHOP, to('host: shop')),
    }),
    check: ({ catalog }, report) => {
      const { isHostMissing } = together(catalog);
      for (const { full, found, use, origin, resource } of doubtful(catalog)) {
        if (found.kind !== 'missing') continue;
        const meant = completeName(catalog, full);
        const certain =
          meant !== undefined || (isHostMissing(resource, full) && !isForItsOwnHost(catalog, resource, full));
        report({
          message: meant
            ? `${full} names no Service: Istio completes names without a dot only; write ${meant}; ${then(use)}`
            : certain
              ? `the ${what(use)} ${full} does not exist: it is not among the Services and ServiceEntries of the files; ${then(use)}`
              : `the ${what(use)} ${full} is not among the Services and ServiceEntries of the files: if it does not exist, ${then(use)}`,
          at: at(origin, 'host'),
          ...(certain && use !== 'idle' ? {} : WARNING),
        });
      }
    },
  },
  {
    code: 'MGW0103',
    name: 'destination-port-not-found',
    severity: 'error',
    category: 'reference',
    istio: 'IST0101',
    title: 'The Service of a destination does not have that port',
    docs: () => ({
      happens: UNREACHED,
      instead: 'A port of the Service (`port`, not `targetPort`).',
      bad: documents(SHOP, to('host: shop, port: {number: 8080}')),
      good: documents(SHOP, to('host: shop, port: {number: 80}')),
    }),
    check: ({ catalog }, report) => {
      const { areTogether } = together(catalog);
      for (const { full, found, port, use, origin, resource } of doubtful(catalog)) {
        if (port === undefined || found.kind !== 'found') continue;
        const ports = found.hosts.flatMap((h) => h.ports.map((p) => p.number));
        // A ServiceEntry without ports says nothing about them.
        if (!ports.length || ports.includes(port)) continue;
        report({
          message: `${full} has no port ${port} (it has ${ports.join(', ')}); ${then(use)}`,
          at: at(origin, 'port', 'number'),
          related: [{ message: 'its ports', place: originOf(found.hosts[0]!.resource, 'spec', 'ports') }],
          ...(use !== 'idle' && found.hosts.some((h) => areTogether(resource, h.resource)) ? {} : WARNING),
        });
      }
    },
  },
  {
    code: 'MGW0104',
    name: 'subset-not-found',
    severity: 'error',
    category: 'reference',
    istio: 'IST0101',
    kiali: 'KIA1107',
    title: 'No DestinationRule defines the subset of a destination',
    docs: () => ({
      happens: UNREACHED,
      instead: 'A DestinationRule for the host with that subset.',
      bad: documents(SHOP, RULE, to('host: shop, subset: v2')),
      good: documents(SHOP, RULE, to('host: shop, subset: v1')),
    }),
    check: ({ catalog }, report) => {
      for (const { destination, host, subset, use, origin, full } of doubtful(catalog)) {
        if (subset !== 'missing') continue;
        const name = stringOf(destination.subset) ?? '';
        const lost = replacedWith(catalog, full, name);
        report({
          message: lost
            ? `only ${formatResource(lost.resource)} of ${lost.resource.document.file} defines the subset "${name}" of ${host}, and ${lost.by.document.file} replaces it; ${then(use)}`
            : `no DestinationRule in the files defines the subset "${name}" of ${host}; ${then(use)}`,
          at: at(origin, 'subset'),
          // Files that replace each other are not applied together.
          ...(lost || use === 'idle' ? WARNING : {}),
        });
      }
    },
  },
  {
    code: 'MGW0105',
    name: 'destination-port-required',
    severity: 'warning',
    category: 'reference',
    istio: 'IST0112',
    title: 'Missing port for a Service with several ports',
    docs: () => ({
      happens:
        "The gateway takes its own server's port; where the Service does not have that one, it answers 503 (flag NC): an error.",
      instead: '`port: {number: …}`.',
      bad: documents(TWO_PORTS, to('host: shop')),
      good: documents(TWO_PORTS, to('host: shop, port: {number: 80}')),
    }),
    check: ({ catalog, gateways }, report) => {
      const { areTogether } = together(catalog);
      const taken = portsTaken(gateways);
      for (const { destination, full, found, origin, resource, use } of doubtful(catalog)) {
        if (destination.port !== undefined || found.kind !== 'found') continue;
        const ports = found.hosts[0]!.ports.map((p) => p.number);
        if (ports.length < 2) continue;
        const has = `${full} has several ports (${ports.join(', ')})`;
        const port = taken.get(keyOf(origin));
        // Sidecars of the mesh take the port of the request.
        const certain =
          port !== undefined && use !== 'idle' && found.hosts.some((h) => areTogether(resource, h.resource));
        report({
          message:
            port === undefined
              ? `${has}: specify one`
              : `${has}, and not ${port}, that of the server: specify one; ${then(use)}`,
          at: at(origin, 'host'),
          ...(certain && !stringsOf(specOf(resource).gateways).includes('mesh') ? ERROR : {}),
        });
      }
    },
  },
  {
    code: 'MGW0110',
    name: 'destination-unknown',
    severity: 'info',
    category: 'reference',
    istio: 'IST0101',
    title: 'A destination is not in the files',
    docs: () => ({
      happens:
        'Nothing is wrong as far as the files show: the Service, ServiceEntry or DestinationRule may be in the cluster.',
      instead: 'Add it to the files that are checked, to have hosts, ports and subsets compared.',
      bad: to('host: shop'),
      good: documents(SHOP, to('host: shop')),
    }),
    check: ({ catalog }, report) => {
      const said = new Map<Resource, Set<string>>();
      for (const { destination, full, found, subset, use, origin, resource } of doubtful(catalog)) {
        // Once for each host (and subset) of an object.
        const about = said.get(resource) ?? new Set<string>();
        said.set(resource, about);
        const key = `${full} ${found.kind === 'found' ? stringOf(destination.subset) : ''}`;
        if (about.has(key)) continue;
        about.add(key);
        if (found.kind === 'unknown')
          report({
            message: `the ${what(use)} ${full} is not in the files; nothing about it was checked`,
            at: at(origin, 'host'),
          });
        else if (found.kind === 'hidden')
          report({
            message: `${full} is not exported to the namespace ${resource.namespace}: check that it is exported to the gateway's`,
            at: at(origin, 'host'),
          });
        else if (subset === 'unknown')
          report({
            message: `no DestinationRule for ${full} is in the files; the subset "${stringOf(destination.subset)}" was not checked`,
            at: at(origin, 'subset'),
          });
      }
    },
  },
];
