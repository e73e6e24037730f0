// What the files say about a gateway workload and the model cannot express, or this reader does not read yet.

import { type JsonObject, originOf, own, type Unsupported } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { at, objectOf, specOf, stringMapOf } from '../../../resources/fields.js';
import { labelsInclude, ROOT_NAMESPACE } from '../../../resources/istio-destination-rules.js';
import type { Server } from '../config.js';
import type { Workload } from './workloads.js';

export const unsupportedOf = (catalog: Catalog, workload: Workload): Unsupported[] => [
  ...extensions(catalog, workload),
  ...workload.gateways.flatMap((gateway) => gateway.servers).flatMap(ofServer),
];

interface Extension {
  readonly kind: string;
  readonly feature: string;
  readonly effect: Unsupported['effect'];
  readonly detail: string;
  /** Labels that the object selects; absent: every workload of its namespace. */
  selector(spec: JsonObject): JsonObject | undefined;
}

const matchLabels = (spec: JsonObject): JsonObject | undefined => objectOf(objectOf(spec.selector)?.matchLabels);

const EXTENSIONS: readonly Extension[] = [
  {
    kind: 'extensions.istio.io/WasmPlugin',
    feature: 'wasmplugin',
    effect: 'change',
    detail: 'A WebAssembly plugin runs at the gateway; what it does to requests is not simulated.',
    selector: matchLabels,
  },
  {
    kind: 'extensions.istio.io/TrafficExtension',
    feature: 'trafficextension',
    effect: 'change',
    detail: 'An extension runs at the gateway; what it does to requests is not simulated.',
    selector: matchLabels,
  },
];

/** Objects of the root namespace and of the workload's own: pilot/pkg/model/push_context.go. EnvoyFilters: resources/istio-rate-limits.ts. */
function extensions(catalog: Catalog, workload: Workload): Unsupported[] {
  return EXTENSIONS.flatMap(({ kind, feature, detail, effect, selector }) =>
    catalog
      .ofKind(kind)
      .filter((r) => r.namespace === ROOT_NAMESPACE || r.namespace === workload.namespace)
      .filter((r) => labelsInclude(workload.labels, stringMapOf(selector(specOf(r)))))
      .map((r) => ({ feature, detail, effect, origin: originOf(r) })),
  );
}

const CLIENT_CERTIFICATE_FIELDS = ['subjectAltNames', 'verifyCertificateSpki', 'verifyCertificateHash', 'caCrl'];

function ofServer({ tls }: Server): Unsupported[] {
  if (!tls) return [];
  const fields = CLIENT_CERTIFICATE_FIELDS.filter((name) => own(tls.settings, name) !== undefined).map(
    (name): Unsupported => ({
      feature: `gateway.server.tls.${name}`,
      detail: 'Which client certificates are accepted is not simulated.',
      effect: 'security',
      origin: at(tls.origin, name),
    }),
  );
  if (tls.mode !== 'AUTO_PASSTHROUGH') return fields;
  return [
    ...fields,
    {
      feature: 'gateway.server.tls.mode.AUTO_PASSTHROUGH',
      detail:
        "Only connections that offer Istio's own mTLS protocols are passed on; the simulation looks at the server name alone.",
      effect: 'routing',
      origin: at(tls.origin, 'mode'),
    },
  ];
}
