// What EnvoyFilters change at a gateway, as far as it is read: local rate limits and limits of request bodies. Every other patch is
// named as unsupported. Order and reach: EnvoyFilters in pilot/pkg/model/push_context.go, Istio source of 2026-08-22.

import { type JsonObject, originOf, type RateLimit, type Unsupported } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { createdAt } from '../../resources/creation.js';
import { compareText, numberOf, objectOf, objectsOf, specOf, stringOf } from '../../resources/fields.js';
import { type BodyLimits, BUFFER, bodyLimits } from './body-limits.js';
import type { GatewayWorkload } from './destination-rules.js';
import { type EnvoyPatch, patchedFilter } from './envoy-patch.js';
import { meshConfig } from './mesh-config.js';
import { type Harmless, harmless } from './patch-effect.js';
import { attaches } from './policy-attachment.js';
import { rateLimits } from './rate-limits.js';

export interface EnvoyFilters {
  readonly rateLimits: readonly RateLimit[];
  /** Absent: no filter for them. */
  readonly bodyLimits?: BodyLimits;
  /** Patches that are not read. */
  readonly unsupported: readonly Unsupported[];
}

export function envoyFilters(catalog: Catalog, workload: GatewayWorkload): EnvoyFilters {
  const unsupported: Unsupported[] = [];
  const skip = ({ resource, origin, patch }: EnvoyPatch, what: string): void => {
    const quiet = harmless(patch, catalog);
    unsupported.push({
      feature: 'envoyfilter',
      detail: quiet
        ? HARMLESS[quiet.because](quiet)
        : `EnvoyFilter ${resource.namespace}/${resource.name} patches the gateway's Envoy: ${what === patch.applyTo ? `${what}${filterName(patch)}` : what} is not simulated.`,
      effect: quiet ? 'delivery' : 'routing',
      origin,
    });
  };
  const patches = patchesFor(catalog, workload);
  const ofBodies = (patch: EnvoyPatch) => patchedFilter(patch.patch) === BUFFER;
  const bodies = bodyLimits(patches.filter(ofBodies), skip);
  const rates = rateLimits(
    patches.filter((p) => !ofBodies(p)),
    skip,
  );
  return { rateLimits: rates, ...(bodies ? { bodyLimits: bodies } : {}), unsupported };
}

const HARMLESS = {
  telemetry: () => 'The patch is about logs, statistics or traces.',
  delivery: () => 'The patch is about how bytes travel.',
  operation: (quiet: Harmless) =>
    `The patch has no effect: Istio does not carry out ${'operation' in quiet ? quiet.operation : ''}.`,
  'no-anchor': (quiet: Harmless) =>
    `The patch has no effect: Istio generates no filter ${'anchor' in quiet ? quiet.anchor : ''} for a gateway.`,
} as const;

const filterName = (patch: JsonObject): string => {
  const name = patchedFilter(patch);
  return name === undefined ? '' : ` ${name}`;
};

/** By priority, those of the root namespace before others, oldest first. */
function patchesFor(catalog: Catalog, workload: GatewayWorkload): EnvoyPatch[] {
  const { rootNamespace } = meshConfig(catalog);
  return catalog
    .ofKind('networking.istio.io/EnvoyFilter')
    .filter((r) => r.namespace === rootNamespace || r.namespace === workload.namespace)
    .filter((r) => attaches(r, objectOf(specOf(r).workloadSelector)?.labels, workload))
    .map((resource) => ({
      resource,
      priority: numberOf(specOf(resource).priority) ?? 0,
      inherited: resource.namespace === rootNamespace ? 0 : 1,
      created: createdAt(resource),
    }))
    .sort(
      (a, b) =>
        a.priority - b.priority ||
        a.inherited - b.inherited ||
        a.created - b.created ||
        compareText(a.resource.name, b.resource.name),
    )
    .flatMap(({ resource }) =>
      objectsOf(specOf(resource).configPatches).map((patch, i) => ({
        patch,
        resource,
        origin: originOf(resource, 'spec', 'configPatches', i),
      })),
    )
    .filter(({ patch }) => ['ANY', 'GATEWAY'].includes(stringOf(objectOf(patch.match)?.context) ?? 'ANY'));
}
