// What a destination needs beside the route: TLS to the backend, sticky sessions. Istio's own DestinationRules stay where they are.

import type { Destination, EffectiveGateway, Forward } from '../../../model/index.js';
import { duration } from './action.js';

/** One DestinationRule per host whose routes ask for something; sorted by host. */
export function destinationRules(gateways: readonly EffectiveGateway[]): Record<string, unknown>[] {
  const policies = new Map<
    string,
    { namespace: string; policy: Record<string, unknown>; ports: Map<number, Record<string, unknown>> }
  >();
  const of = (d: Destination, namespace: string) => {
    let entry = policies.get(d.host);
    if (!entry) policies.set(d.host, (entry = { namespace, policy: {}, ports: new Map() }));
    return entry;
  };
  for (const gateway of gateways) {
    if (gateway.dialect === 'istio') continue;
    for (const { forward, namespace } of forwards(gateway))
      for (const { to } of forward.destinations) {
        if (!('host' in to)) continue;
        if (to.protocol === 'https' || to.protocol === 'grpcs')
          of(to, namespace).ports.set(to.port, {
            port: { number: to.port },
            tls: { mode: 'SIMPLE', insecureSkipVerify: true },
          });
        const hash = forward.delivery?.hash?.[0];
        if (hash) of(to, namespace).policy.loadBalancer = { consistentHash: consistentHash(hash) };
      }
  }
  return [...policies]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, { namespace, policy, ports }]) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: host.split('.')[0]!, namespace: host.split('.')[1] ?? namespace },
      spec: {
        host,
        trafficPolicy: {
          ...policy,
          ...(ports.size > 0
            ? { portLevelSettings: [...ports].sort(([a], [b]) => a - b).map(([, p]) => ({ ...policy, ...p })) }
            : {}),
        },
      },
    }));
}

function* forwards(gateway: EffectiveGateway): Generator<{ forward: Forward; namespace: string }> {
  for (const l of gateway.listeners)
    for (const c of l.filterChains)
      if (c.kind === 'http')
        for (const v of c.virtualHosts)
          for (const r of v.routes)
            if (r.action.kind === 'forward') yield { forward: r.action, namespace: r.origin.resource.namespace };
}

function consistentHash(hash: NonNullable<NonNullable<Forward['delivery']>['hash']>[number]): Record<string, unknown> {
  switch (hash.by) {
    case 'header':
      return { httpHeaderName: hash.name };
    case 'query':
      return { httpQueryParameterName: hash.name };
    case 'source-ip':
      return { useSourceIp: true };
    case 'cookie':
      return {
        httpCookie: {
          name: hash.name,
          ...(hash.path ? { path: hash.path } : {}),
          ttl: duration(hash.ttlMs ?? 0).replace(/^1ms$/, '0s'),
        },
      };
  }
}
