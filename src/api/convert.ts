// The same meaning in another dialect, with every loss named.

import { type Translation, convert as translateCatalog } from '../convert/convert.js';
import type { GroupKey } from '../convert/features/feature.js';
import { FEATURES } from '../convert/features/index.js';
import type { ConversionItem } from '../convert/item.js';
import { type Source, type Target, translated } from '../convert/scope.js';
import { type Verification, type VerifiedDifference, verify } from '../convert/verify.js';
import { type Witness, witnesses } from '../convert/witness.js';
import { CannotRunError } from '../diagnostics/index.js';
import type { WriteOptions } from '../dialects/dialect.js';
import { profileOf, sourceNames, targetNames } from '../dialects/registry.js';
import { notCompared } from '../diff/uncarried.js';
import { formatPath, formatResource, type Origin } from '../model/index.js';
import { locate } from '../sources/index.js';
import { type LoadedConfig, requireReadable } from './load.js';
import { uncarriedIn } from './uncarried.js';
import { outputGateways, yamlOf } from './verify.js';
import { isRead, writerOf } from './writers.js';

export { objectTexts, yamlOf } from './verify.js';

export interface ConvertOptions extends WriteOptions {
  readonly from: Source;
  readonly to: Target;
  /** Read the output back and compare it with the input, over all requests. Default false. */
  readonly verify?: boolean;
  /** Called with the share of the comparison that is done, 0..1. */
  readonly progress?: (share: number) => void;
}

/** One line of the report, with its place in the files. */
export interface ReportItem {
  readonly severity: ConversionItem['severity'];
  readonly feature: string;
  /** Of a loss: what there is to do about it. */
  readonly group?: GroupKey;
  readonly message: string;
  readonly origin: {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly resource: string;
    readonly path: string;
  };
  /** `convert.decisions` of meshgw.config.yaml answers it: nothing is left to do. */
  readonly decided?: true;
  /** A request that source and output answer differently; only after a comparison. */
  readonly witness?: Witness;
}

/** What the comparison says; the features that announce a difference, by name. */
export interface Verified extends Omit<Verification, 'differences'> {
  readonly differences: readonly (Omit<VerifiedDifference, 'announcedBy'> & {
    readonly announcedBy: readonly string[];
  })[];
}

export interface Conversion {
  readonly objects: Translation['objects'];
  /** The objects as YAML documents. */
  readonly yaml: string;
  /** One per field of the source, losses first. */
  readonly items: readonly ReportItem[];
  /** What the reader of the source left out or guessed. */
  readonly notes: readonly ReportItem[];
  /** With `verify`. */
  readonly verified?: Verified;
}

/**
 * Throws CannotRunError where the configuration holds nothing of the source dialect, where there is no such translation, and where a
 * document could not be read.
 */
export function convert(config: LoadedConfig, options: ConvertOptions): Conversion {
  const { verify: proves = false, progress, ...rest } = options;
  const translation = translate(config, rest);
  const proof = proves ? prove(config, translation, progress) : undefined;
  return {
    objects: translation.objects,
    yaml: yamlOf(translation),
    items: reportItems(translation.items, proof?.shown),
    notes: noteItems(translation.notes),
    ...(proof ? { verified: proof.verified } : {}),
  };
}

/** The translation itself, before it is printed. Throws as `convert` does. */
export function translate(
  config: LoadedConfig,
  options: WriteOptions & { readonly from: Source; readonly to: Target },
): Translation {
  requireReadable(config.sources);
  const { from, to, ...write } = options;
  if (!sourceNames.includes(from) || !targetNames.includes(to))
    throw new CannotRunError(
      `unknown translation ${JSON.stringify(`${from}-to-${to}`)}`,
      `write <from>-to-<to> with from one of ${sourceNames.join(', ')} and to one of ${targetNames.join(', ')}`,
    );
  return translateCatalog(config.catalog, { from, to }, writerOf, config.options, write);
}

/** The comparison of source and output, and a request for each loss that shows in one. Throws CannotRunError for an output that is never read. */
export function prove(
  config: LoadedConfig,
  translation: Translation,
  progress?: (share: number) => void,
): { readonly verified: Verified; readonly shown: ReadonlyMap<ConversionItem, Witness> } {
  if (!isRead(translation.to))
    throw new CannotRunError(
      `verify is not available: meshgw does not read ${profileOf(translation.to).title}`,
      'verify a translation to Istio',
    );
  const after = outputGateways(config, translation);
  const verified = withUncarried(verify(translation, after, locate, progress), config, translation);
  // The report names features; what the items hold besides is for the comparison.
  const differences = verified.differences.map((d) => ({
    ...d,
    announcedBy: [...new Set(d.announcedBy.map((i) => i.feature))],
  }));
  return {
    verified: { ...verified, differences },
    shown: witnesses(translation, verified.differences, after, locate),
  };
}

/** Routes that no gateway of the files carries were compared with nothing: that is no proof. Announced where an item refuses them. */
function withUncarried(
  verified: Verification,
  config: LoadedConfig,
  { from, items, objects }: Translation,
): Verification {
  const sources = new Set(translated(config.catalog, from));
  const uncarried = uncarriedIn(config).filter(({ resource }) => sources.has(resource));
  if (uncarried.length === 0) return verified;
  const refused = new Set(items.filter((i) => i.severity === 'refused').map((i) => i.origin.resource));
  const silent = objects.length > 0 ? [] : uncarried.filter(({ resource }) => !refused.has(resource));
  return {
    ...verified,
    equivalent: verified.equivalent === true ? 'undecided' : verified.equivalent,
    undecided: [...verified.undecided, ...notCompared(uncarried, locate)],
    unannounced: verified.unannounced + silent.length,
  };
}

export const reportItems = (
  items: readonly ConversionItem[],
  shown: ReadonlyMap<ConversionItem, Witness> = new Map(),
  decided: ReadonlySet<ConversionItem> = new Set(),
): ReportItem[] =>
  items.map((item) => {
    const { severity, feature, key, message, origin } = item;
    const witness = shown.get(item);
    return {
      severity,
      feature,
      ...(key ? { group: FEATURES[key].group } : {}),
      message,
      origin: placeLater(origin),
      ...(decided.has(item) ? { decided: true } : {}),
      ...(witness ? { witness } : {}),
    };
  });

/** As `locatedOrigin`; line and column are found when they are asked for: of 45,000 items a report on the terminal shows a few. */
const placeLater = (origin: Origin): ReportItem['origin'] => ({
  file: origin.resource.document.file,
  get line() {
    return locate(origin).line;
  },
  get column() {
    return locate(origin).column;
  },
  resource: formatResource(origin.resource),
  path: formatPath(origin.path),
});

/** What the reader found: an Ingress that its controller leaves out, a server that Istio skips. */
export const noteItems = (notes: Translation['notes']): ReportItem[] =>
  reportItems(notes.map(({ code, message, origin }) => ({ severity: 'approximate', feature: code, message, origin })));
