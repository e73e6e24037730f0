// Which labels and annotations the workload of a Gateway carries (`spec.infrastructure`). Policies with a selector choose gateways by the
// labels.

import { GATEWAY_NAME_LABEL } from '../../../implementations/istio/policy-attachment.js';
import type { Resource } from '../../../model/index.js';
import { stringMapOf } from '../../../resources/fields.js';
import { has, objectAt, stringAt } from '../fields.js';
import type { ControlPlane } from './control-plane.js';

export interface Infrastructure {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const CLASS_NAME_LABEL = 'gateway.networking.k8s.io/gateway-class-name';
/** Names below it are the API's own. */
const RESERVED = 'gateway.networking.k8s.io/';

/** Of the Pods. By the standard: what the Gateway asks for, and its name (GEP-1762). */
export function infrastructureOf(gateway: Resource, { controlPlane }: ControlPlane): Infrastructure {
  const asked = objectAt(objectAt(gateway.object, 'spec'), 'infrastructure');
  const given = (part: keyof Infrastructure) =>
    Object.entries(stringMapOf(asked[part])).filter(([key]) => !key.startsWith(RESERVED));
  if (controlPlane === 'istio') return istioInfrastructure(gateway, asked, given);
  return {
    labels: Object.fromEntries([...given('labels'), [GATEWAY_NAME_LABEL, gateway.name]]),
    annotations: Object.fromEntries(given('annotations')),
  };
}

/**
 * Where the Gateway asks for none its own labels and annotations count (extractInfrastructureMetadata in
 * pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go, and files/kube-gateway.yaml of the chart istio-discovery, 2026-08-27).
 */
function istioInfrastructure(
  gateway: Resource,
  asked: ReturnType<typeof objectAt>,
  given: (part: keyof Infrastructure) => readonly (readonly [string, string])[],
): Infrastructure {
  const { name } = gateway;
  const className = stringAt(objectAt(gateway.object, 'spec'), 'gatewayClassName') ?? '';
  const partOf = (part: keyof Infrastructure) => (has(asked, part) ? given(part) : Object.entries(gateway[part]));
  return {
    labels: Object.fromEntries([
      ['sidecar.istio.io/inject', 'false'],
      [
        'service.istio.io/canonical-name',
        gateway.annotations['gateway.istio.io/name-override'] ?? `${name}-${className}`,
      ],
      ['service.istio.io/canonical-revision', 'latest'],
      ...partOf('labels'),
      [GATEWAY_NAME_LABEL, name],
      [CLASS_NAME_LABEL, className],
      ['gateway.istio.io/managed', 'istio.io-gateway-controller'],
    ]),
    annotations: Object.fromEntries(partOf('annotations')),
  };
}
