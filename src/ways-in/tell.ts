// A way as data for people and programs: ports, hosts, conditions, policies and changes in words, origins as places.

import { domainWords, matchWords } from '../diff/words.js';
import {
  type FilterChain,
  formatPath,
  formatResource,
  type MatchedOrigin,
  type Origin,
  type Position,
  type WayIn,
  type WayKind,
} from '../model/index.js';
import { changesOf } from './changes.js';
import type { FoundWay } from './found-way.js';
import { policyWords } from './policy-words.js';

export type Locate = (origin: Origin) => Position;

export function placeOf(origin: Origin, locate: Locate): MatchedOrigin {
  const { file, line, column } = locate(origin);
  return { file, line, column, resource: formatResource(origin.resource), path: formatPath(origin.path) };
}

export function tell(way: FoundWay, locate: Locate): WayIn {
  const { gateway, listener, chain, route, virtualHost, destination, mirror, rule, reach } = way;
  const words = route ? matchWords(route.match) : [];
  const path = words.find((w) => w.startsWith('path ') && !w.startsWith('path and query'));
  const sni = chain.match.sni?.map(domainWords);
  const kind = kindOf(way);
  const className = classOf(way);
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
    changes: route ? changesOf(route, mirror) : [],
    weight: Math.round(way.weight * 100) / 100,
    ...(mirror ? { mirror: true as const } : {}),
    destination: {
      host: destination.host,
      port: destination.port,
      ...(destination.subset === undefined ? {} : { subset: destination.subset }),
    },
    entry: placeOf(entryOf(way), locate),
    // What simulate calls `matched`.
    rule: placeOf(route?.matchOrigin ?? route?.origin ?? (chain.kind === 'l4' ? chain.origin : rule), locate),
    ...(reach.status === 'reached'
      ? { reach: 'reached', request: reach.witness.request }
      : { reach: 'undecided', reason: reach.reason, ...(reach.witness ? { request: reach.witness.request } : {}) }),
    ...(reach.witness?.claims ? { claims: reach.witness.claims } : {}),
  };
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

/** By the object that says it: Istio and ingress-nginx both execute Ingresses. */
function kindOf({ gateway, rule, listener }: FoundWay): WayKind {
  if (gateway.dialect === 'service') {
    const { resource } = rule;
    const spec = resource.object.spec as { type?: unknown; ports?: unknown } | undefined;
    const nodePort = Array.isArray(spec?.ports) && spec.ports.some((p) => nodePortOf(p) === listener.port);
    if (nodePort) return 'node-port';
    return spec?.type === 'LoadBalancer' ? 'load-balancer' : 'external-ip';
  }
  if (rule.resource.kind === 'Ingress') return 'ingress';
  return gateway.dialect === 'gateway-api' ? 'gateway-api' : gateway.dialect === 'istio' ? 'istio-gateway' : 'ingress';
}

const nodePortOf = (port: unknown): unknown =>
  typeof port === 'object' && port !== null && 'nodePort' in port ? port.nodePort : undefined;

function classOf(way: FoundWay): string | undefined {
  if (kindOf(way) !== 'ingress') return undefined;
  const { id, dialect } = way.gateway;
  if (dialect === 'istio') return 'istio';
  const at = id.indexOf(':');
  if (at >= 0) return id.slice(at + 1);
  return dialect === 'ingress-nginx' ? 'nginx' : undefined;
}

/** What the client meets first, as far as an object says it. */
function entryOf({ listener, chain, rule, gateway }: FoundWay): Origin {
  if (gateway.dialect === 'ingress' || gateway.dialect === 'ingress-nginx' || rule.resource.kind === 'Ingress')
    return { resource: rule.resource, path: [] };
  return chain.origin ?? listener.origin ?? rule;
}
