// convert --verify: the output is read back as anybody would read it, and compared with the input.

import type { Translation } from '../convert/convert.js';
import { kept } from '../convert/scope.js';
import { toYaml } from '../convert/to-yaml.js';
import { type Verification, verify } from '../convert/verify.js';
import { readGateways } from '../dialects/read.js';
import { recogniseDocument } from '../dialects/registry.js';
import type { EffectiveGateway } from '../model/index.js';
import { catalogOf } from '../resources/catalog.js';
import { locate, parseSource } from '../sources/index.js';
import type { LoadedConfig } from './load.js';

export const verifyTranslation = (config: Pick<LoadedConfig, 'catalog'>, translation: Translation): Verification =>
  verify(translation, outputGateways(config, translation), locate);

/** What the output means, beside what stays of the input. */
export function outputGateways(
  config: Pick<LoadedConfig, 'catalog'>,
  translation: Translation,
): readonly EffectiveGateway[] {
  const text = toYaml(translation.objects, new Map(), locate);
  const output = parseSource('<output>', text, undefined, recogniseDocument);
  const order = config.catalog.all.reduce((most, r) => Math.max(most, r.order), 0) + 1;
  const resources = [...kept(config.catalog), ...output.resources.map((r) => ({ ...r, order: r.order + order }))];
  // Files without Services say nothing about which exist; a ServiceEntry that the translation adds does not change that.
  const silent = !config.catalog.all.some((r) => r.kind === 'Service' || r.kind === 'ServiceEntry');
  const known = silent ? resources.filter((r) => r.kind !== 'ServiceEntry') : resources;
  return readGateways(catalogOf(known)).gateways;
}
