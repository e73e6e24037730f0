// Makes the files of kinds whose CustomResourceDefinitions their Go module has: Envoy Gateway's own, and Traefik's.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { addCrd, type Crd, type Schema } from './generate-schemas.js';
import { goModules } from './go-modules.js';

interface ModuleCrds {
  /** In names of tests. */
  readonly title: string;
  readonly group: string;
  /** File or folder, below the folder of Go's modules; `go mod download MODULE@VERSION` brings it. */
  readonly path: string;
  /** A CRD with what is not taken along left out. */
  readonly change?: (crd: Crd) => Crd;
}

export const MODULES: readonly ModuleCrds[] = [
  {
    title: 'Envoy Gateway',
    group: 'gateway.envoyproxy.io',
    path: 'github.com/envoyproxy/gateway@v1.9.1/charts/gateway-helm/charts/crds/crds/generated',
    change: withoutPodsAndLogs,
  },
  {
    title: 'Traefik',
    group: 'traefik.io',
    path: 'github.com/traefik/traefik/v3@v3.7.13/docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml',
  },
];

/** The path that is missing; undefined where it is there. */
export function missingModule({ path }: ModuleCrds): string | undefined {
  const at = join(goModules, path);
  return existsSync(at) ? undefined : at;
}

/** Every file, by its path in schemas/. */
export function generateModule({ group, path, change = (crd) => crd }: ModuleCrds): Map<string, string> {
  const files = new Map<string, string>();
  const at = join(goModules, path);
  const sources = statSync(at).isDirectory()
    ? readdirSync(at)
        .sort()
        .map((file) => join(at, file))
    : [at];
  for (const file of sources)
    for (const document of loadAll(readFileSync(file, 'utf8')) as (Crd | null)[])
      if (document?.kind === 'CustomResourceDefinition' && document.spec.group === group)
        addCrd(files, change(document));
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
