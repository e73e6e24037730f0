// The proof of a translation: input and output are compared as `diff` compares two configurations, and each difference is matched with
// the items of the report that announced it.

import type { ConversionItem } from '../dialects/dialect.js';
import { type ConfigDiff, diffConfigs } from '../diff/index.js';
import type { EffectiveGateway, GatewayRequest, MatchedOrigin, Origin, Position } from '../model/index.js';
import { announces, isAbout } from './announce.js';
import { comparable } from './comparable.js';
import type { Translation } from './convert.js';

export interface VerifiedDifference {
  readonly request: GatewayRequest;
  readonly before: ConfigDiff['differences'][number]['before'];
  readonly after: ConfigDiff['differences'][number]['after'];
  readonly because: { readonly before: MatchedOrigin | null; readonly after: MatchedOrigin | null };
  /** Features of the items that announced it; empty: nobody did. */
  readonly announcedBy: readonly string[];
}

export interface Verification {
  readonly equivalent: boolean | 'undecided';
  readonly compared: ConfigDiff['compared'];
  readonly differences: readonly VerifiedDifference[];
  readonly undecided: ConfigDiff['undecided'];
  /** Differences and undecided parts that no item announced. */
  readonly unannounced: number;
}

/** `after`: the gateways that the output means, read back from its YAML. Each source gateway is compared with the target's that took its place. */
export function verify(
  translation: Translation,
  after: readonly EffectiveGateway[],
  locate: (origin: Origin) => Position,
): Verification {
  const losses = lossesOf(translation);
  const compare = (b: readonly EffectiveGateway[], a: readonly EffectiveGateway[]) => {
    const diff = diffConfigs(b, a, { locate, pairs: pairsOf(translation, after) });
    return {
      ...diff,
      differences: diff.differences.map(
        (d): VerifiedDifference => ({
          request: d.request,
          before: d.before,
          after: d.after,
          because: d.because,
          announcedBy: [...new Set(losses.filter((i) => announces(i, d)).map((i) => i.feature))],
        }),
      ),
    };
  };
  const whole = compare(translation.gateways, after);
  const without = comparable(losses);
  const rest = whole.equivalent !== true ? compare(without(translation.gateways), without(after)) : whole;
  // Of the rest only what nobody announced is news.
  const news = rest.differences.filter((d) => d.announcedBy.length === 0);
  const differences = [...whole.differences.filter((d) => d.announcedBy.length > 0), ...news];
  return {
    equivalent: differences.length > 0 ? false : rest.undecided.length > 0 ? 'undecided' : true,
    compared: whole.compared,
    differences,
    undecided: rest.undecided,
    unannounced:
      news.length +
      rest.undecided.filter((u) => !u.because || !losses.some((i) => isAbout(i, u.because?.before ?? null))).length,
  };
}

/** The first difference that an item announced: the request that shows it, with both answers. */
export const witnessOf = (item: ConversionItem, verification: Verification): VerifiedDifference | undefined =>
  item.severity === 'exact'
    ? undefined
    : verification.differences.find((d) => d.announcedBy.includes(item.feature) && announces(item, d));

/**
 * The items that can explain a difference. What the reader did not understand is in neither configuration as compared: it is a loss,
 * and explains nothing.
 */
export function lossesOf(translation: Pick<Translation, 'items' | 'gateways'>): ConversionItem[] {
  const unknown = new Set(translation.gateways.flatMap((g) => g.unsupported.map((u) => u.feature)));
  return translation.items.filter((i) => i.severity !== 'exact' && !unknown.has(i.feature));
}

/** Source id and target id of each gateway; `''` where the output has none for it, which counts as one without listeners. */
export function pairsOf(
  translation: Pick<Translation, 'gateways' | 'renamed'>,
  after: readonly EffectiveGateway[],
): [string, string][] {
  return translation.gateways.map((g): [string, string] => {
    const id = translation.renamed.get(g.id) ?? g.id;
    return [g.id, after.find((a) => a.id === id || a.aliases?.includes(id))?.id ?? ''];
  });
}
