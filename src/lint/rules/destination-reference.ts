// Do the hosts, ports and subsets that a VirtualService sends requests to exist? Missing where the files hold Services of
// that namespace and none fits, else unknown. After pkg/config/analysis/analyzers/virtualservice/{destinationhosts,
// destinationrules}.go (Istio of 2026-08-22), which call everything outside of the files missing; what the gateway does:
// fixtures/truth/istio (flag NC).

import type { Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { at, numberOf, objectOf, objectsOf, specOf, stringOf } from '../../resources/fields.js';
import { subsetOf } from '../../resources/istio-hosts.js';
import type { LintContext } from '../context.js';
import { destinationRule, documents, service, virtualService } from '../examples.js';
import { knownHosts } from '../known-hosts.js';
import type { Rule } from '../rule.js';
import { type DestinationPart, destinationsOf, virtualServices } from '../virtual-service-parts.js';

const SHOP = service('selector: {app: shop}\nports: [{name: http, port: 80}]');
const TWO_PORTS = service('selector: {app: shop}\nports: [{name: http, port: 80}, {name: admin, port: 8080}]');
const RULE = destinationRule('host: shop\nsubsets: [{name: v1, labels: {version: v1}}]');
const to = (destination: string) =>
  virtualService(`hosts: [shop.example.com]\nhttp:\n- route:\n  - destination: {${destination}}`);
const UNREACHED = 'The gateway has no cluster for it and answers 503 (flag NC).';

interface Seen extends DestinationPart {
  readonly resource: Resource;
}
function each(catalog: Catalog, use: (seen: Seen) => void): void {
  for (const resource of virtualServices(catalog))
    for (const part of destinationsOf(resource)) use({ ...part, resource });
}

const what = (use: DestinationPart['use']): string => (use === 'mirror' ? 'mirror' : 'destination');

/** DestinationRules by host, fully qualified; a wildcard rule counts for every host that it covers. */
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
    exact.get(host) ?? wildcards.find((w) => subsetOf(host, w.host))?.names;
}

type SubsetState = 'found' | 'missing' | 'unknown';
function subsetState({ catalog }: LintContext): (seen: Seen) => SubsetState {
  const known = knownHosts(catalog);
  const of = subsets(catalog);
  return ({ destination, host, resource }) => {
    const subset = stringOf(destination.subset);
    if (!subset) return 'found';
    const names = of(known.fullName(host, resource.namespace));
    if (names?.has(subset)) return 'found';
    const { kind } = known.lookup(host, resource.namespace);
    // With the Service itself missing, that is what there is to say.
    if (kind === 'missing') return 'found';
    return names || kind === 'found' ? 'missing' : 'unknown';
  };
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0102',
    name: 'destination-host-not-found',
    severity: 'error',
    category: 'reference',
    istio: 'IST0101',
    kiali: 'KIA1101',
    title: 'The Service of a destination does not exist',
    docs: {
      happens: UNREACHED,
      instead: 'The name of a Service; in another namespace with its full name, shop.team-a.svc.cluster.local.',
      bad: documents(SHOP, to('host: shopp')),
      good: documents(SHOP, to('host: shop')),
    },
    check: ({ catalog }, report) => {
      const known = knownHosts(catalog);
      each(catalog, ({ host, use, origin, resource }) => {
        if (known.lookup(host, resource.namespace).kind !== 'missing') return;
        const full = known.fullName(host, resource.namespace);
        report({
          message: `the ${what(use)} ${full} does not exist: the files hold Services of that namespace, but not this one; such requests get 503`,
          at: at(origin, 'host'),
        });
      });
    },
  },
  {
    code: 'MGW0103',
    name: 'destination-port-not-found',
    severity: 'warning',
    category: 'reference',
    istio: 'IST0101',
    title: 'The Service of a destination does not have that port',
    docs: {
      happens: UNREACHED,
      instead: 'A port of the Service (`port`, not `targetPort`).',
      bad: documents(SHOP, to('host: shop, port: {number: 8080}')),
      good: documents(SHOP, to('host: shop, port: {number: 80}')),
    },
    check: ({ catalog }, report) => {
      const known = knownHosts(catalog);
      each(catalog, ({ host, destination, origin, resource }) => {
        const number = numberOf(objectOf(destination.port)?.number);
        const found = known.lookup(host, resource.namespace);
        if (
          number === undefined ||
          found.kind !== 'found' ||
          found.hosts.some((h) => h.ports.some((p) => p.number === number))
        )
          return;
        const ports = found.hosts.flatMap((h) => h.ports.map((p) => p.number));
        // A ServiceEntry without ports says nothing about them.
        if (!ports.length) return;
        report({
          message: `${found.hosts[0]!.host} has no port ${number} (it has ${ports.join(', ')}); such requests get 503`,
          at: at(origin, 'port', 'number'),
          related: [{ message: 'its ports', place: { resource: found.hosts[0]!.resource, path: ['spec', 'ports'] } }],
        });
      });
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
    docs: {
      happens: UNREACHED,
      instead: 'A DestinationRule for the host with that subset.',
      bad: documents(SHOP, RULE, to('host: shop, subset: v2')),
      good: documents(SHOP, RULE, to('host: shop, subset: v1')),
    },
    check: (context, report) => {
      const state = subsetState(context);
      each(context.catalog, (seen) => {
        if (state(seen) === 'missing')
          report({
            message: `no DestinationRule in the files defines the subset "${stringOf(seen.destination.subset)}" of ${seen.host}; such requests get 503`,
            at: at(seen.origin, 'subset'),
          });
      });
    },
  },
  {
    code: 'MGW0105',
    name: 'destination-port-required',
    severity: 'warning',
    category: 'reference',
    istio: 'IST0112',
    title: 'A destination without a port, and a Service with several',
    docs: {
      happens:
        "The gateway takes its own server's port; where the Service does not have that one, it answers 503 (flag NC).",
      instead: '`port: {number: …}`.',
      bad: documents(TWO_PORTS, to('host: shop')),
      good: documents(TWO_PORTS, to('host: shop, port: {number: 80}')),
    },
    check: ({ catalog }, report) => {
      const known = knownHosts(catalog);
      each(catalog, ({ host, destination, origin, resource }) => {
        const found = known.lookup(host, resource.namespace);
        if (destination.port !== undefined || found.kind !== 'found') return;
        const ports = found.hosts[0]!.ports.map((p) => p.number);
        if (ports.length > 1)
          report({
            message: `${found.hosts[0]!.host} has several ports (${ports.join(', ')}): say which one`,
            at: at(origin, 'host'),
          });
      });
    },
  },
  {
    code: 'MGW0110',
    name: 'destination-unknown',
    severity: 'info',
    category: 'reference',
    istio: 'IST0101',
    title: 'A destination is not in the files',
    docs: {
      happens:
        'Nothing is wrong as far as the files show: the Service, ServiceEntry or DestinationRule may be in the cluster.',
      instead: 'Add it to the files that are checked, to have hosts, ports and subsets compared.',
      bad: to('host: shop'),
      good: documents(SHOP, to('host: shop')),
    },
    check: (context, report) => {
      const known = knownHosts(context.catalog);
      const state = subsetState(context);
      each(context.catalog, (seen) => {
        const { kind } = known.lookup(seen.host, seen.resource.namespace);
        const full = known.fullName(seen.host, seen.resource.namespace);
        if (kind === 'unknown')
          report({
            message: `the ${what(seen.use)} ${full} is not in the files; nothing about it was checked`,
            at: at(seen.origin, 'host'),
          });
        else if (kind === 'hidden')
          report({
            message: `${full} is not exported to the namespace ${seen.resource.namespace}: check that it is exported to the gateway's`,
            at: at(seen.origin, 'host'),
          });
        else if (state(seen) === 'unknown')
          report({
            message: `no DestinationRule for ${full} is in the files; the subset "${stringOf(seen.destination.subset)}" was not checked`,
            at: at(seen.origin, 'subset'),
          });
      });
    },
  },
];
