// The objects of Istio from drafts: names that say what is in them, and Gateways and VirtualServices as the API writes them.

import { slug } from '../../../implementations/istio/write/slug.js';
import { type EffectiveGateway, routesOf } from '../../../model/index.js';
import type { GatewayDraft, L4Draft, ServiceDraft } from './drafts.js';
import type { ServerUnit } from './units.js';

type Fields = Record<string, unknown>;

/** Where the Gateways are, and what each is called. */
export interface Placed {
  readonly namespace: string;
  readonly names: ReadonlyMap<GatewayDraft, string>;
  /** Names of VirtualServices by namespace; filled as they are given. */
  readonly taken: Map<string, Set<string>>;
}

/** The first of `wanted` that is free, else `base` with a number. */
function freeName(wanted: readonly string[], used: Set<string>, base: string): string {
  let name = wanted.find((w) => !used.has(w));
  for (let n = 2; name === undefined; n++) if (!used.has(`${base}-${n}`)) name = `${base}-${n}`;
  used.add(name);
  return name;
}

/** One Gateway is named after where it comes from; several after their protocols too, and after their host where they have one. */
export function namesOf(
  drafts: readonly GatewayDraft[],
  gateways: readonly EffectiveGateway[],
): ReadonlyMap<GatewayDraft, string> {
  const base = baseName(gateways);
  const used = new Set<string>();
  if (drafts.length === 1) return new Map([[drafts[0]!, base]]);
  return new Map(
    drafts.map((draft) => {
      const byProtocol = `${base}-${[...new Set(draft.units.map((u) => u.protocol.toLowerCase()))].join('-')}`;
      const byHost = `${byProtocol}${onlyHost(draft)}`;
      return [draft, freeName([byProtocol, byHost], used, byHost)] as const;
    }),
  );
}

/** `-a-example-com`, or nothing. */
function onlyHost({ units }: GatewayDraft): string {
  const [unit, ...more] = units;
  const [host, ...others] = more.length === 0 && unit ? unit.hosts : [];
  return host === undefined || host === '*' || others.length > 0 ? '' : `-${slug(host)}`;
}

/** After the only object that the gateways come from, else `ingress`. */
function baseName(gateways: readonly EffectiveGateway[]): string {
  const resources = new Set(gateways.flatMap((g) => routesOf(g).map((r) => r.origin.resource)));
  const [only] = resources;
  return resources.size === 1 && only ? `${slug(only.name)}-gateway` : 'ingress-gateway';
}

export function gatewayObject(draft: GatewayDraft, { namespace, names }: Placed): Fields {
  const used = new Set<string>();
  const servers = joinedServers(draft.units).map((u) => ({
    port: { number: u.port, name: serverName(u, used), protocol: u.protocol },
    ...(u.bind === undefined ? {} : { bind: u.bind }),
    hosts: [...u.hosts],
    ...(u.tls ? { tls: { ...u.tls } } : {}),
  }));
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: names.get(draft), namespace },
    spec: { selector: { ...draft.selector }, servers },
  };
}

function serverName({ protocol, port }: ServerUnit, used: Set<string>): string {
  const base = `${protocol.toLowerCase()}-${port}`;
  return freeName([base], used, base);
}

/** Servers that differ in their hosts alone are one. */
function joinedServers(units: readonly ServerUnit[]): ServerUnit[] {
  const joined = new Map<string, ServerUnit>();
  for (const unit of units) {
    const { port, bind, protocol, tls } = unit;
    const key = JSON.stringify([port, bind, protocol, tls]);
    const same = joined.get(key);
    joined.set(key, same ? { ...same, hosts: [...new Set([...same.hosts, ...unit.hosts])].sort() } : unit);
  }
  return [...joined.values()];
}

/** Each in the namespace of what it comes from. */
export function serviceObjects(services: readonly ServiceDraft[], { namespace, names, taken }: Placed): Fields[] {
  return services.map(({ hosts, rules, routes, gateways }) => {
    const home = routes[0]?.origin.resource.namespace ?? namespace;
    const usedThere = takenIn(home, taken);
    const base = slug(hosts[0] ?? 'all');
    const isHttps = gateways.every((g) => g.units.every((u) => u.protocol === 'HTTPS'));
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: freeName(isHttps ? [base, `${base}-https`] : [base], usedThere, base), namespace: home },
      spec: {
        hosts: [...hosts],
        gateways: gateways.map((g) => (home === namespace ? names.get(g) : `${namespace}/${names.get(g)}`)),
        http: rules,
      },
    };
  });
}

function takenIn(namespace: string, taken: Placed['taken']): Set<string> {
  const known = taken.get(namespace) ?? new Set();
  taken.set(namespace, known);
  return known;
}

export const l4Object = ({ name, namespace, hosts, gateway, routes }: L4Draft, placed: Placed): Fields => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: freeName([name], takenIn(namespace, placed.taken), name), namespace },
  spec: { hosts, gateways: [`${placed.namespace}/${placed.names.get(gateway)}`], ...routes },
});
