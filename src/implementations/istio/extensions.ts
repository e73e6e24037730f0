// Extensions that run in a gateway's Envoy: what they do to requests is in their own code, so that each is an unknown of the gateway.
// Which gateways: objects of the root namespace and of the workload's own (pilot/pkg/model/push_context.go, Istio source of 2026-08-22).

import { formatResource, originOf, type Unsupported } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, specOf } from '../../resources/fields.js';
import type { GatewayWorkload } from './destination-rules.js';
import { meshConfig } from './mesh-config.js';
import { attaches } from './policy-attachment.js';

const EXTENSIONS = [
  { kind: 'extensions.istio.io/WasmPlugin', feature: 'wasmplugin', what: 'WebAssembly plugin' },
  { kind: 'extensions.istio.io/TrafficExtension', feature: 'trafficextension', what: 'extension' },
] as const;

export const extensions = (catalog: Catalog, workload: GatewayWorkload): Unsupported[] =>
  EXTENSIONS.flatMap(({ kind, feature, what }) =>
    catalog
      .ofKind(kind)
      .filter((r) => r.namespace === meshConfig(catalog).rootNamespace || r.namespace === workload.namespace)
      .filter((r) => attaches(r, objectOf(specOf(r).selector)?.matchLabels, workload))
      .map((r) => ({
        feature,
        detail: `The ${what} of ${formatResource(r)} runs at the gateway and can change or answer any request.`,
        effect: 'security',
        // Where it stands among the filters says what it is for: AUTHN and AUTHZ decide who is let in.
        ...(/^AUTH[NZ]$/.test(String(specOf(r).phase)) ? { guards: true as const } : {}),
        origin: originOf(r),
      })),
  );
