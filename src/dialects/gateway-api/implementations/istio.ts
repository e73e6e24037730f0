// Istio's gateway controller: pilot/pkg/config/kube/gateway of 2026-08-22. Where it reads the objects otherwise than the standard says,
// SPEC_DIFFERENCES (features/semantics.ts) has the words.

import type { GatewayWorkload } from '../../../implementations/istio/destination-rules.js';
import { gatewayPolicies } from '../../../implementations/istio/policies.js';
import { GATEWAY_NAME_LABEL } from '../../../implementations/istio/policy-attachment.js';
import { meshRetries } from '../../../implementations/istio/retries.js';
import type { Resource } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { objectOf, stringMapOf, stringOf } from '../../../resources/fields.js';
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

/** The Pods that Istio runs for a Gateway and their labels: pilot/pkg/config/kube/gateway/deploymentcontroller.go and
 *  manifests/charts/istio-control/istio-discovery/files/kube-gateway.yaml, 2026-08-22. */
function workloadOf({ namespace, name, labels, object }: Resource): GatewayWorkload {
  const spec = objectOf(object.spec);
  const infrastructure = objectOf(spec?.infrastructure);
  const own = infrastructure?.labels === undefined ? labels : stringMapOf(infrastructure.labels);
  const className = stringOf(spec?.gatewayClassName) ?? '';
  return {
    namespace,
    labels: {
      ...own,
      'gateway.networking.k8s.io/gateway-class-name': className,
      [GATEWAY_NAME_LABEL]: name,
    },
  };
}
