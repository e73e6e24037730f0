// Istio's gateway controller: pilot/pkg/config/kube/gateway of 2026-08-22. Where it reads the objects otherwise than the standard says,
// SPEC_DIFFERENCES (features/semantics.ts) has the words.

import type { GatewayWorkload } from '../../../implementations/istio/destination-rules.js';
import { gatewayPolicies } from '../../../implementations/istio/policies.js';
import { meshRetries } from '../../../implementations/istio/retries.js';
import type { Resource } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { infrastructureOf } from '../features/infrastructure.js';
import { byPrecedence } from '../features/precedence.js';
import { removePrefix, replacePrefix } from '../features/rewrite.js';
import { istioVirtualHosts } from '../features/virtual-hosts.js';
import type { Implementation } from './implementation.js';

export const istio: Implementation = {
  name: 'istio',
  engine: 'envoy',
  className: 'istio',
  controlPlane: 'istio',
  precedence: byPrecedence,
  // computeRoute in pilot/pkg/config/kube/gateway/route_collections.go.
  invalidRule: 'route',
  // GetDefaultHttpRetryPolicy in pilot/pkg/networking/core/route/route.go.
  retries: meshRetries,
  virtualHosts: istioVirtualHosts,
  // A substitution for `/.*`, in which `\` begins a reference to a capture group.
  rewriteFullPath: (to) =>
    to.includes('\\')
      ? { kind: 'regex', pattern: '/.*', substitution: to, all: true }
      : { kind: 'full', to: plainTemplate(to) },
  rewritePrefix(matched, to) {
    const trimmed = to.replace(/\/$/, '');
    return trimmed === '' ? removePrefix(matched.prefix ?? '') : replacePrefix(matched, trimmed);
  },
  // Taken as it is, without a look at slashes: `/` gives `//bar`, and an empty one changes nothing.
  redirectPrefix: (matched, to) => (to === '' ? undefined : replacePrefix(matched, to)),
  policies: (catalog, gateway, keySets) => gatewayPolicies(catalog, workloadOf(gateway), keySets),
};

/** The Pods that Istio runs for a Gateway. */
const workloadOf = (gateway: Resource): GatewayWorkload => ({
  namespace: gateway.namespace,
  labels: infrastructureOf(gateway, { controlPlane: 'istio' }).labels,
});
