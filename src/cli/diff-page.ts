// The HTML page of diff: the differences, the lines of the rules that make them, and both sides' gateways for the request tester.

import type { LoadedConfig } from '../api/load.js';
import type { ConfigDiff, SimulationResult, UndecidedPart } from '../model/index.js';
import type { PageDifference, PageGroup } from '../report/html/page-data.js';
import { pageAssets } from './page-assets.js';

interface Side {
  readonly name: string;
  readonly config: LoadedConfig;
}

export async function diffPage(found: ConfigDiff, before: Side, after: Side): Promise<string> {
  const [{ pageHtml }, { pack }, { excerptsAt }, { locate }, words, { visibleData }, { formatRequest }, assets] =
    await Promise.all([
      import('../report/html/page.js'),
      import('../report/html/pack.js'),
      import('../report/html/excerpts.js'),
      import('../sources/index.js'),
      import('../report/diff.js'),
      import('../report/visible.js'),
      import('../report/result-text.js'),
      pageAssets(),
    ]);
  const diff = visibleData(found);
  const places = found.differences.flatMap(({ because }) => [because.before, because.after].filter((p) => p !== null));
  const undecidedLine = ({ request, reason }: UndecidedPart) =>
    `${request ? `${formatRequest(request)}: ` : ''}${reason}`;
  return pageHtml(
    {
      title: 'meshgw diff',
      diff: { equivalent: diff.equivalent },
      sides: [before.name, after.name],
      verdict: words.sentence(words.verdict(diff)),
      compared: words.sentence(words.comparedLine(diff)),
      groups: groupsOf(diff, words),
      undecided: diff.undecided.map(undecidedLine),
      delivery: diff.delivery.map(({ request }) => formatRequest(request)),
      models: [pack(before.config.gateways, locate), pack(after.config.gateways, locate)],
      excerpts: excerptsAt(places, [...before.config.sources.resources, ...after.config.sources.resources]),
    },
    assets,
  );
}

function withoutTrace({ trace: _, ...result }: SimulationResult): SimulationResult {
  return result;
}

type Words = typeof import('../report/diff.js');

/** One group for each pair of objects: an answer is seen at once, it need not divide them. */
function groupsOf(diff: ConfigDiff, words: Words): PageGroup[] {
  const groups = new Map<string, PageDifference[]>();
  for (const { title, differences } of words.groupsOf(diff)) {
    const known = groups.get(title) ?? [];
    groups.set(title, known);
    for (const d of differences)
      known.push({
        request: words.requestText(d),
        url: d.request,
        ...(d.family ? { family: words.familyLine(d.family) } : {}),
        result: [withoutTrace(d.before), withoutTrace(d.after)],
        because: [d.because.before, d.because.after],
      });
  }
  return [...groups].map(([title, differences]) => ({ title, differences }));
}
