// TCPIngresses: one route of bytes for each rule, by the port and, over TLS, the server name (internal/dataplane/translator/
// translate_kong_l4.go of Kong/kubernetes-ingress-controller 3.5). Which ports Kong takes bytes on, and where it ends TLS, its own
// configuration says (KONG_STREAM_LISTEN): assumed is a port for each rule, with TLS where a rule has a host.

import {
  type Assumption,
  type FilterChain,
  type L4Chain,
  type Listener,
  type Origin,
  originOf,
  own,
  type Resource,
  type TlsContext,
} from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { at, numberOf, objectOf, objectsOf, specOf, stringOf, stringsOf } from '../../../resources/fields.js';
import type { ReadNote } from '../../dialect.js';
import { destinationOf } from './services.js';

const KIND = 'configuration.konghq.com/TCPIngress';
const CLASS = 'kubernetes.io/ingress.class';
const IS_DEFAULT = 'ingressclass.kubernetes.io/is-default-class';

/** The classes of those with rules, each with one of them. The annotation names it: the kind has no field for it. */
export function tcpClasses(catalog: Catalog): ReadonlyMap<string, Resource> {
  return new Map(
    catalog.ofKind(KIND).flatMap((resource): [string, Resource][] => {
      const name = classOf(resource, catalog);
      return name !== undefined && rulesOf(resource, catalog).length > 0 ? [[name, resource]] : [];
    }),
  );
}

function classOf({ annotations }: Resource, catalog: Catalog): string | undefined {
  const usual = catalog
    .ofKind('networking.k8s.io/IngressClass')
    .find((c) => own(c.annotations, IS_DEFAULT) === 'true')?.name;
  return own(annotations, CLASS) ?? usual;
}

/** Nobody takes them. */
export const withoutClass = (catalog: Catalog): readonly ReadNote[] =>
  catalog
    .ofKind(KIND)
    .filter((resource) => classOf(resource, catalog) === undefined)
    .map((resource) => ({
      code: 'kong-class',
      message: `${resource.kind} has no annotation ${CLASS}: Kong's controller takes it only where an IngressClass is the default`,
      origin: originOf(resource),
    }));

const isPort = (n: number | undefined): n is number => n !== undefined && Number.isInteger(n) && n >= 1 && n <= 65_535;

interface TcpRule {
  readonly resource: Resource;
  readonly port: number;
  readonly host: string;
  readonly chain: L4Chain;
  readonly origin: Origin;
}

export interface TcpConfig {
  readonly listeners: readonly Listener[];
  readonly assumptions: readonly Assumption[];
}

/** `taken`: ports that HTTP has. */
export function tcpListeners(
  catalog: Catalog,
  className: string,
  taken: readonly number[],
  notes: ReadNote[],
): TcpConfig {
  const rules = catalog
    .ofKind(KIND)
    .filter((resource) => classOf(resource, catalog) === className)
    .sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0))
    .flatMap((resource) => rulesOf(resource, catalog));
  const byPort = new Map<number, TcpRule[]>();
  for (const rule of rules) {
    const known = byPort.get(rule.port);
    const same = known?.find(({ host }) => host === rule.host);
    const problem = taken.includes(rule.port)
      ? `Kong takes HTTP on port ${rule.port}`
      : same &&
        `${same.resource.kind} ${same.resource.namespace}/${same.resource.name} has the same port and host, and which of them Kong takes is not certain`;
    if (problem)
      notes.push({ code: 'kong-not-read', message: `the rule is not counted: ${problem}`, origin: rule.origin });
    else if (known) known.push(rule);
    else byPort.set(rule.port, [rule]);
  }
  return {
    listeners: [...byPort].map(([port, list]) => ({ port, filterChains: chainsOf(list), origin: list[0]!.origin })),
    assumptions: [...byPort].map(([port, list]) => ({
      code: 'kong-stream',
      message: `Kong takes bytes on port ${port}${list.some(({ host }) => host !== '') ? ' and ends TLS there' : ''} (KONG_STREAM_LISTEN)`,
      origin: list[0]!.origin,
    })),
  };
}

function rulesOf(resource: Resource, catalog: Catalog): readonly TcpRule[] {
  return objectsOf(specOf(resource).rules).flatMap((rule, i): readonly TcpRule[] => {
    const port = numberOf(rule.port);
    const backend = objectOf(rule.backend);
    const [name, number] = [stringOf(backend?.serviceName), numberOf(backend?.servicePort)];
    // The API server takes no other.
    if (!isPort(port) || !isPort(number) || name === undefined) return [];
    const origin = originOf(resource, 'spec', 'rules', i);
    const host = stringOf(rule.host) ?? '';
    const { namespace } = resource;
    const to = destinationOf(catalog, { namespace, name, port: { number }, origin: at(origin, 'backend') });
    const chain: L4Chain = {
      kind: 'l4',
      l4: 'tcp',
      match: host === '' ? { transport: 'any' } : { transport: 'tls', sni: [{ kind: 'exact', value: host }] },
      ...(host === '' ? {} : { tls: tlsOf(resource, host) }),
      destinations: [{ to, weight: 1, origin: at(origin, 'backend') }],
      origin,
    };
    return [{ resource, port, host, chain, origin }];
  });
}

/** Where a rule of the port has a host, TLS ends there for the others, too: plain bytes do not get through. */
function chainsOf(rules: readonly TcpRule[]): readonly FilterChain[] {
  if (rules.every(({ host }) => host === '')) return rules.map(({ chain }) => chain);
  return rules.map(({ chain, host, resource }) =>
    host === '' ? { ...chain, match: { transport: 'tls' }, tls: tlsOf(resource, undefined) } : chain,
  );
}

/** The Secret of `tls` for the host; without one Kong's own certificate is shown. */
function tlsOf(resource: Resource, host: string | undefined): TlsContext {
  const credentials = objectsOf(specOf(resource).tls).flatMap(({ hosts, secretName }, i) => {
    const name = stringOf(secretName);
    return name !== undefined && host !== undefined && stringsOf(hosts).includes(host)
      ? [{ credential: { namespace: resource.namespace, name }, origin: originOf(resource, 'spec', 'tls', i) }]
      : [];
  });
  const [first] = credentials;
  return {
    mode: 'simple',
    credentials: first ? [first.credential] : [],
    ...(first ? { origin: first.origin } : { ownCertificate: true }),
  };
}
