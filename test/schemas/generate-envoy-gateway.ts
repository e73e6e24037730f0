// Makes the files of Envoy Gateway's own kinds from the CustomResourceDefinitions that its Go module has.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { addCrd, type Crd, type Schema } from './generate-schemas.js';
import { goModules } from './go-modules.js';

export const ENVOY_GATEWAY_GROUP = 'gateway.envoyproxy.io';

const crds = join(goModules, 'github.com/envoyproxy/gateway@v1.9.1/charts/gateway-helm/charts/crds/crds/generated');

/** Undefined where it is there; it comes with `go mod download github.com/envoyproxy/gateway@v1.9.1`. */
export const missingEnvoyGateway = (): string | undefined => (existsSync(crds) ? undefined : crds);

/** Every file, by its path in schemas/. */
export function generateEnvoyGateway(): Map<string, string> {
  const files = new Map<string, string>();
  for (const file of readdirSync(crds).sort())
    for (const document of loadAll(readFileSync(join(crds, file), 'utf8')) as (Crd | null)[])
      if (document?.kind === 'CustomResourceDefinition' && document.spec.group === ENVOY_GATEWAY_GROUP)
        addCrd(files, withoutPodsAndLogs(document));
  return files;
}

/**
 * What an EnvoyProxy says of the pods that run it (Kubernetes' own types) and of logs and metrics is most of its text, and changes no answer:
 * taken as it is.
 */
function withoutPodsAndLogs(crd: Crd): Crd {
  if (crd.spec.names.kind !== 'EnvoyProxy') return crd;
  const copy = structuredClone(crd);
  for (const { schema } of copy.spec.versions) {
    const spec = (schema.openAPIV3Schema.properties as Record<string, Schema>).spec!;
    const properties = spec.properties as Record<string, Schema>;
    for (const name of ['provider', 'telemetry'])
      properties[name] = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  }
  return copy;
}
