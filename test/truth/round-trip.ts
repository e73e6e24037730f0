// A gateway of a recorded case, written as a bootstrap of Envoy and read back.

import { writerOf } from '../../src/api/writers.js';
import { toYaml } from '../../src/convert/to-yaml.js';
import { readGateways } from '../../src/dialects/read.js';
import { recogniseDocument } from '../../src/dialects/registry.js';
import type { EffectiveGateway, Resource } from '../../src/model/index.js';
import { type Catalog, catalogOf } from '../../src/resources/catalog.js';
import { locate, parseSource } from '../../src/sources/index.js';

const defaultTlsSecret = { namespace: 'istio-system', name: 'default-cert' };

/** Gateways as the objects of a bootstrap. */
export function bootstrapOf(gateways: readonly EffectiveGateway[], catalog: Catalog): readonly Resource[] {
  const { objects } = writerOf('envoy')!.write!(gateways, catalog, { defaultTlsSecret });
  return parseSource('bootstrap.yaml', toYaml(objects, new Map(), locate), undefined, recogniseDocument).resources;
}

export function throughEnvoy(gateway: EffectiveGateway, catalog: Catalog): EffectiveGateway {
  const [back] = readGateways(catalogOf(bootstrapOf([gateway], catalog))).gateways;
  if (!back) throw new Error('the bootstrap was not recognised');
  return back;
}
