// A gateway of a recorded case, written as a bootstrap of Envoy and read back.

import { writerOf } from '../../src/api/writers.js';
import { toYaml } from '../../src/convert/to-yaml.js';
import { readGateways } from '../../src/dialects/read.js';
import { recogniseDocument } from '../../src/dialects/registry.js';
import type { EffectiveGateway } from '../../src/model/index.js';
import { type Catalog, catalogOf } from '../../src/resources/catalog.js';
import { locate, parseSource } from '../../src/sources/index.js';

const defaultTlsSecret = { namespace: 'istio-system', name: 'default-cert' };

export function throughEnvoy(gateway: EffectiveGateway, catalog: Catalog): EffectiveGateway {
  const { objects } = writerOf('envoy')!.write!([gateway], catalog, { defaultTlsSecret });
  const text = toYaml(objects, new Map(), locate);
  const { resources } = parseSource('bootstrap.yaml', text, undefined, recogniseDocument);
  const [back] = readGateways(catalogOf(resources)).gateways;
  if (!back) throw new Error('the bootstrap was not recognised');
  return back;
}
