// Two gateways of one engine that take requests in by different settings: compared is what both see alike, so that the rest is open.

import type { ConfigDiff, EffectiveGateway, Intake, UndecidedPart } from '../model/index.js';

const WORDS: Readonly<Record<keyof Intake, string>> = {
  normalizePath: 'dot segments of paths',
  mergeSlashes: 'repeated slashes',
  escapedSlashes: 'escaped slashes',
  fragments: 'paths with #',
  underscores: 'names of headers with an underscore',
  clientCertificates: 'what destinations get of certificates of clients',
  envoyHeaders: "headers of Envoy's own",
};

/** One for each pair whose settings differ. Of two engines the difference is known, and is that of the engines (docs/algebra.md). */
export function intakeParts(
  pairs: ConfigDiff['gateways'],
  before: readonly EffectiveGateway[],
  after: readonly EffectiveGateway[],
): UndecidedPart[] {
  return pairs.flatMap(({ before: left, after: right }): UndecidedPart[] => {
    const [a, b] = [before.find(({ id }) => id === left), after.find(({ id }) => id === right)];
    if (!a || !b || a.engine !== b.engine) return [];
    const names = (Object.keys(WORDS) as (keyof Intake)[]).filter((name) => a.intake?.[name] !== b.intake?.[name]);
    if (names.length === 0) return [];
    const what = names.map((name) => WORDS[name]).join(', ');
    return [
      { gateway: b.id, reason: `the two do not treat ${what} alike; requests that both see alike were compared` },
    ];
  });
}
