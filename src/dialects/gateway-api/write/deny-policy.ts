// Client addresses that are turned away: the Gateway API has no word for them, an AuthorizationPolicy with the Gateway as its
// target does (Istio reference, AuthorizationPolicy.targetRefs).

import type { AuthPolicy } from '../../../implementations/istio/write/auth-rules.js';
import type { DenyRule } from '../../../implementations/istio/write/deny-rules.js';
import { withPodPorts } from '../../../implementations/istio/write/policy-ports.js';
import type { Listener } from '../../../model/index.js';
import { GROUP } from '../kinds.js';
import type { KubeObject } from './gateway-object.js';
import type { Place } from './gateway-place.js';

export const refTo = ({ name }: Place) => ({ group: GROUP, kind: 'Gateway', name });

/** `listeners`: those of the gateway; Istio's Service for a Gateway sends each of their ports to the same port of the pods. */
export const denyPolicy = (gateway: Place, rules: readonly DenyRule[], listeners: readonly Listener[]): KubeObject => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata: { name: `${gateway.name}-source-ranges`, namespace: gateway.namespace },
  spec: {
    targetRefs: [refTo(gateway)],
    action: 'DENY',
    rules: withPodPorts(rules, listeners, (port) => [port]),
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
