// A way as data for people and programs: ports, hosts, conditions, policies and changes in words, origins as places.

import { profileOf } from '../dialects/registry.js';
import { domainWords, matchWords } from '../diff/words.js';
import {
  type EffectiveGateway,
  type FilterChain,
  influenceOf,
  type Locate,
  locatedOrigin,
  unknownsAt,
  type WayIn,
  type WayKind,
} from '../model/index.js';
import { changesOf } from './changes.js';
import type { FoundWay } from './found-way.js';
import { policyWords } from './policy-words.js';

export function tell(way: FoundWay, locate: Locate): WayIn {
  const { gateway, listener, chain, route, virtualHost, destination, mirror, rule, reach } = way;
  const words = route ? matchWords(route.match) : [];
  const path = words.find((w) => w.startsWith('path ') && !w.startsWith('path and query'));
  const sni = chain.match.sni?.map(domainWords);
  const { kind, entry } = wayOf(way);
  const className = kind === 'ingress' ? classOf(way.gateway) : undefined;
  return {
    kind,
    gateway: gateway.id,
    dialect: gateway.dialect,
    ...(className === undefined ? {} : { class: className }),
    port: listener.port,
    protocol: protocolOf(chain),
    ...(chain.tls ? { tls: { mode: chain.tls.mode, secrets: secretsOf(chain) } } : {}),
    ...(sni && !sni.includes('*') ? { sni } : {}),
    ...(chain.match.source?.length ? { sources: chain.match.source } : {}),
    hosts: virtualHost?.domains.map(domainWords) ?? [],
    ...(path === undefined ? {} : { path: path.slice('path '.length) }),
    conditions: words.filter((w) => w !== path),
    policies: [...policyWords(chain), ...(route?.conditions?.map((c) => c.summary) ?? [])],
    ...unknownOf(way, locate),
    changes: route ? changesOf(route, mirror) : [],
    weight: Math.round(way.weight * 100) / 100,
    ...(mirror ? { mirror: true as const } : {}),
    destination: {
      host: destination.host,
      port: destination.port,
      ...(destination.subset === undefined ? {} : { subset: destination.subset }),
    },
    entry: locatedOrigin(
      entry === 'rule' ? { resource: rule.resource, path: [] } : (chain.origin ?? listener.origin ?? rule),
      locate,
    ),
    // What simulate calls `matched`.
    rule: locatedOrigin(route?.matchOrigin ?? route?.origin ?? (chain.kind === 'l4' ? chain.origin : rule), locate),
    ...(reach.status === 'reached'
      ? { reach: 'reached', request: reach.witness.request }
      : { reach: 'undecided', reason: reach.reason, ...(reach.witness ? { request: reach.witness.request } : {}) }),
    ...(reach.witness?.claims ? { claims: reach.witness.claims } : {}),
  };
}

/** Conditions of the route are among the policies already. */
function unknownOf({ gateway, listener, virtualHost, route }: FoundWay, locate: Locate): Pick<WayIn, 'unknown'> {
  const at = { port: listener.port, ...(virtualHost ? { virtualHost } : {}), ...(route ? { route } : {}) };
  const found = unknownsAt(gateway, at).map((u) => influenceOf(u, locate));
  return found.length > 0 ? { unknown: found } : {};
}

function protocolOf(chain: FilterChain): WayIn['protocol'] {
  if (chain.kind === 'http') return chain.tls ? 'HTTPS' : 'HTTP';
  if (chain.l4 === 'tls') return 'TLS passthrough';
  return chain.tls ? 'TLS' : 'TCP';
}

function secretsOf({ tls }: FilterChain): string[] {
  const own = tls?.credentials ?? [];
  const named = tls?.certificates?.map((c) => c.credential) ?? [];
  return [...new Set([...own, ...named].map(({ namespace, name }) => `${namespace}/${name}`))];
}

interface Way {
  readonly kind: WayKind;
  /** What the client meets first, as far as an object says it. */
  readonly entry: 'rule' | 'listener';
}

/** By the object that says it: several dialects execute Ingresses. */
function wayOf({ gateway, rule, listener }: FoundWay): Way {
  if (rule.resource.kind === 'Ingress') return { kind: 'ingress', entry: 'rule' };
  const { ways = {}, wayOf: own } = profileOf(gateway.dialect);
  return (own?.(rule, listener.port) ?? { kind: Object.keys(ways)[0], entry: 'listener' }) as Way;
}

/** The class that the gateway serves: in its id, where it is not the usual one of its controller. */
function classOf({ id, dialect }: EffectiveGateway): string | undefined {
  const at = id.indexOf(':');
  return at >= 0 ? id.slice(at + 1) : profileOf(dialect).ingress?.className;
}
