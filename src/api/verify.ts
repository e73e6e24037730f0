// convert --verify: the output is read back as anybody would read it, and compared with the input.

import type { Translation } from '../convert/convert.js';
import { kept } from '../convert/scope.js';
import { BETWEEN, objectText } from '../convert/to-yaml.js';
import { type Verification, verify } from '../convert/verify.js';
import type { ReadOptions } from '../dialects/dialect.js';
import { assumedResources, keyOf, missingGateways } from '../dialects/parents.js';
import { readGateways } from '../dialects/read.js';
import { recogniseDocument } from '../dialects/registry.js';
import type { EffectiveGateway, Resource } from '../model/index.js';
import { catalogOf } from '../resources/catalog.js';
import { withServicesKnownOf } from '../resources/services.js';
import { locate, parseSource } from '../sources/index.js';
import type { LoadedConfig } from './load.js';

const texts = new WeakMap<Translation, readonly string[]>();

/** The objects of the output as YAML, as they are printed and read back. */
export function objectTexts(translation: Translation): readonly string[] {
  let known = texts.get(translation);
  if (known === undefined) {
    const { objects, origins, remarks = new Map() } = translation;
    texts.set(translation, (known = objects.map((object) => objectText(object, { origins, locate, remarks }))));
  }
  return known;
}

/** The same as one text. */
export const yamlOf = (translation: Translation): string => objectTexts(translation).join(BETWEEN);

/** What was translated, and how it was read. */
type Input = Pick<LoadedConfig, 'catalog'> & Partial<Pick<LoadedConfig, 'options'>>;

export const verifyTranslation = (config: Input, translation: Translation): Verification =>
  verify(translation, outputGateways(config, translation), locate);

/** What the output means, beside what stays of the input, read as the input was. */
export function outputGateways(config: Input, translation: Translation): readonly EffectiveGateway[] {
  const text = yamlOf(translation);
  const output = parseSource('<output>', text, undefined, recogniseDocument);
  const order = config.catalog.all.reduce((most, r) => Math.max(most, r.order), 0) + 1;
  const resources = [...kept(config.catalog), ...output.resources.map((r) => ({ ...r, order: r.order + order }))];
  // Files without Services say nothing about which exist; a ServiceEntry that the translation adds does not change that.
  const silent = !config.catalog.all.some((r) => r.kind === 'Service' || r.kind === 'ServiceEntry');
  const known = silent ? resources.filter((r) => r.kind !== 'ServiceEntry') : resources;
  // It is about the Ingresses of the input; one of the output has no class of its own.
  const { classSemantics: _, ...options } = config.options ?? {};
  const read = withServicesKnownOf(config.catalog, catalogOf([...known, ...stillElsewhere(known, options)]));
  return readGateways(read, options).gateways;
}

/** Gateways that were assumed for the input, and that the output's routes name again. */
function stillElsewhere(resources: readonly Resource[], { assumedGateways = [] }: ReadOptions): Resource[] {
  if (assumedGateways.length === 0) return [];
  const catalog = catalogOf(resources);
  const missing = new Set(missingGateways(catalog).map(keyOf));
  return assumedResources(
    catalog,
    assumedGateways.filter((gateway) => missing.has(keyOf(gateway))),
  );
}
