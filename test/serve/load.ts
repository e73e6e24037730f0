// Reads a folder or text of configuration into what serve takes.

import { readGateways } from '../../src/dialects/read.js';
import { catalogOf } from '../../src/resources/catalog.js';
import { authoritiesOf, type ServedConfig, tlsSecrets } from '../../src/serve/index.js';
import { loadSources } from '../../src/sources/index.js';

const chosen = (id: string) => id === 'istio=ingressgateway';

/** The gateway `id` of the files (default: Istio's ingress gateway, else the first). */
export async function servedFrom(paths: readonly string[], id?: string): Promise<ServedConfig> {
  const sources = await loadSources(paths, { cwd: process.cwd(), readStdin: async () => Buffer.alloc(0) });
  return served(sources.resources, id);
}

/** The same, from YAML text. */
export async function servedFromText(yaml: string, id?: string): Promise<ServedConfig> {
  const sources = await loadSources(['-'], { cwd: process.cwd(), readStdin: async () => Buffer.from(yaml) });
  return served(sources.resources, id);
}

function served(resources: Awaited<ReturnType<typeof loadSources>>['resources'], id: string | undefined): ServedConfig {
  const { gateways } = readGateways(catalogOf(resources), {});
  const gateway = id
    ? gateways.find((g) => g.id === id || g.aliases?.includes(id))
    : (gateways.find((g) => chosen(g.id)) ?? gateways[0]);
  if (!gateway) throw new Error(`no gateway ${id ?? ''} in the files`);
  return { gateway, secrets: tlsSecrets(resources), authorities: authoritiesOf(resources) };
}
