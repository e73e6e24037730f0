// Client addresses that are turned away: the Gateway API has no word for them, an AuthorizationPolicy with the Gateway as its
// target does (Istio reference, AuthorizationPolicy.targetRefs).

import type { AuthPolicy } from '../../../implementations/istio/write/auth-rules.js';
import type { DenyRule } from '../../../implementations/istio/write/deny-rules.js';
import { GROUP } from '../kinds.js';
import type { KubeObject, Place } from './gateway-object.js';

export const refTo = ({ name }: Place) => ({ group: GROUP, kind: 'Gateway', name });

export const denyPolicy = (gateway: Place, rules: readonly DenyRule[]): KubeObject => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata: { name: `${gateway.name}-source-ranges`, namespace: gateway.namespace },
  spec: {
    targetRefs: [refTo(gateway)],
    action: 'DENY',
    rules: withPortsJoined(rules),
  },
});

/** External authentication, asked by Istio. */
export const customPolicy = (gateway: Place, { provider, rules }: AuthPolicy): KubeObject => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata: { name: provider, namespace: gateway.namespace },
  spec: {
    targetRefs: [refTo(gateway)],
    action: 'CUSTOM',
    provider: { name: provider },
    rules,
  },
});

/** Rules that differ in their ports alone (http and https of one host) are one. */
function withPortsJoined(rules: readonly DenyRule[]): readonly DenyRule[] {
  const joined = new Map<string, { rule: DenyRule; ports: Set<string> }>();
  for (const rule of rules) {
    const key = JSON.stringify({ ...rule, to: rule.to.map(({ operation: { ports: _, ...rest } }) => rest) });
    const known = joined.get(key) ?? { rule, ports: new Set() };
    joined.set(key, known);
    for (const { operation } of rule.to) for (const port of operation.ports ?? []) known.ports.add(port);
  }
  return [...joined.values()].map(({ rule, ports }) => ({
    from: rule.from,
    to: rule.to.map(({ operation }) => ({ operation: { ...operation, ports: [...ports] } })),
  }));
}
