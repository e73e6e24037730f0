// The proof of a translation. The target has to mean what the source means, or what the source with its losses means (expectation.ts); the
// comparison is `diff`'s, over all requests. What was announced is shown by comparing with the source as it is.

import { recogniseDocument } from '../dialects/registry.js';
import { type ConfigDiff, type DiffOptions, diffConfigs, newRun } from '../diff/index.js';
import {
  type EffectiveGateway,
  formatResource,
  type GatewayDifference,
  type JsonObject,
  type MatchedOrigin,
  type Origin,
  type Position,
  type UndecidedPart,
} from '../model/index.js';
import type { Translation } from './convert.js';
import { type Expectation, expectation } from './expectation.js';
import { isLoss, type LossItem } from './item.js';
import { inOneSpelling } from './spelling.js';

export interface VerifiedDifference extends Pick<GatewayDifference, 'request' | 'before' | 'after'> {
  readonly because: { readonly before: MatchedOrigin | null; readonly after: MatchedOrigin | null };
  /** The items that announced it; empty: nobody did. */
  readonly announcedBy: readonly LossItem[];
}

export interface Verification {
  readonly equivalent: boolean | 'undecided';
  readonly compared: ConfigDiff['compared'];
  readonly differences: readonly VerifiedDifference[];
  readonly undecided: ConfigDiff['undecided'];
  /** Differences and undecided parts that no item announced. */
  readonly unannounced: number;
}

type Translated = Pick<Translation, 'items' | 'gateways' | 'renamed'> & Partial<Pick<Translation, 'objects'>>;

/**
 * `after`: the gateways that the output means, read back from its YAML. Each source gateway is compared with the target's that took its
 * place. `progress` is called with how much is done, 0..1.
 */
export function verify(
  translation: Translated,
  after: readonly EffectiveGateway[],
  locate: (origin: Origin) => Position,
  progress: (share: number) => void = () => {},
): Verification {
  const pairs = pairsOf(translation, after);
  const expected = expectationOf(translation, locate);
  const explained = (d: GatewayDifference, gateway: string) => expected.explain(questionOf(d, gateway), d.after);
  const target = inOneSpelling(after);
  const run = newRun();
  const whole = diffConfigs(inOneSpelling(translation.gateways), target, {
    locate,
    pairs,
    run,
    brief: true,
    progress: (share) => progress(share / 2),
  });
  if (whole.equivalent === true)
    return { equivalent: true, compared: whole.compared, differences: [], undecided: [], unannounced: 0 };
  const rest = unexplained(translation, expected, after, {
    locate,
    run,
    progress: (share) => progress((1 + share) / 2),
  });
  const told = whole.differences.map((d) => ({ d, items: explained(d, sourceOf(d)) }));
  const announced = told.flatMap(({ d, items }) => (items?.length ? [{ ...d, announcedBy: items }] : []));
  const silent =
    rest.differences.length > 0 ? rest.differences : told.flatMap(({ d, items }) => (items?.length === 0 ? [d] : []));
  const news = silent.map((d) => ({ ...d, before: expected.answer(questionOf(d, sourceOf(d))), announcedBy: [] }));
  const differences: VerifiedDifference[] = [...announced, ...news];
  const open = rest.undecided.length > 0 || whole.equivalent === 'undecided';
  const unannounced = rest.undecided.filter((part) => !isAnnounced(part, translation));
  return {
    equivalent: differences.length > 0 ? false : open ? 'undecided' : true,
    compared: whole.compared,
    differences,
    undecided: rest.undecided,
    unannounced: news.length + unannounced.length,
  };
}

export interface ComparisonOptions {
  readonly locate: (origin: Origin) => Position;
  /** Called with the share that is done, 0..1. */
  readonly progress?: (share: number) => void;
  /** What may be spent, where it is part of a longer run. Default: a run of its own. */
  readonly run?: DiffOptions['run'];
}

/**
 * What the target answers and nobody announced, and what could not be decided. `after`: see `verify`. The target may follow the source
 * for some requests and the source with its losses for others: what tells these apart may be in one of the two only, so that both are
 * looked through for a request where it follows neither.
 */
export function unexplained(
  translation: Translated,
  expected: Expectation,
  after: readonly EffectiveGateway[],
  { locate, progress = () => {}, run = newRun() }: ComparisonOptions,
): ConfigDiff {
  let excused = 0;
  const isExpected: DiffOptions['isExpected'] = (d, gateway) => {
    const allowed = expected.allows(questionOf(d, gateway.id), d.after);
    if (allowed) excused++;
    return allowed;
  };
  const against = (gateways: readonly EffectiveGateway[], from: number): ConfigDiff =>
    diffConfigs(inOneSpelling(gateways), inOneSpelling(after), {
      locate,
      run,
      progress: (share) => progress(from + share / 2),
      pairs: pairsOf(translation, after),
      isExpected,
    });
  const proof = against(expected.gateways, 0);
  if (proof.differences.length > 0) return proof;
  // The target is proven to be the source with its losses, for all requests and without an excuse: it follows that everywhere.
  if (proof.equivalent === true && excused === 0) return proof;
  // Rules that chance tells apart differ whatever is expected: only what is shown counts.
  const differences = against(translation.gateways, 0.5).differences.filter(
    (d) => !expected.allows(questionOf(d, sourceOf(d)), d.after),
  );
  return differences.length > 0 ? { ...proof, equivalent: false, differences } : proof;
}

/** What is not modelled is not proven; it was announced where an item names it, or where the translation wrote it and says so. */
export function isAnnounced({ unknown }: UndecidedPart, { items, objects }: Translated): boolean {
  if (!unknown) return false;
  const named = items.some(
    ({ severity, feature, origin }) =>
      severity !== 'exact' && feature === unknown.feature && formatResource(origin.resource) === unknown.resource,
  );
  return named || (objects ?? []).some((object) => nameOf(object) === unknown.resource);
}

/** As `formatResource` names it. */
function nameOf(object: Readonly<Record<string, unknown>>): string {
  const document = object.kind === undefined ? recogniseDocument(object as JsonObject) : undefined;
  if (document) return `${document.kind} default/${document.name}`;
  const { namespace, name } = (object.metadata ?? {}) as { namespace?: string; name?: string };
  return `${object.kind} ${namespace}/${name}`;
}

/** The id of the source gateway. */
const sourceOf = ({ gateway }: GatewayDifference): string => gateway.split(' → ')[0]!;

const questionOf = ({ request, claims }: GatewayDifference, gateway: string) => ({
  gateway,
  request,
  ...(claims ? { context: { token: { claims } } } : {}),
});

const expectations = new WeakMap<Pick<Translation, 'items' | 'gateways'>, Expectation>();

/** What the translation's report lets its target answer. Made once for each translation. */
export function expectationOf(
  translation: Pick<Translation, 'items' | 'gateways'>,
  locate: (origin: Origin) => Position,
): Expectation {
  let known = expectations.get(translation);
  if (!known) expectations.set(translation, (known = expectation(translation.gateways, lossesOf(translation), locate)));
  return known;
}

/**
 * The items that can explain a difference. What the reader did not understand is in neither configuration as compared: it is a loss,
 * and explains nothing.
 */
export const lossesOf = ({ items }: Pick<Translation, 'items'>): LossItem[] =>
  items.filter(isLoss).filter(({ key, ofField, closed }) => closed || (!ofField && !key.startsWith('unsupported.')));

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
