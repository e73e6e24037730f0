// One file as somebody has it, with the default flags: does it convert, does the output apply as it is, does it mean the same?
import { outputGateways, verifyTranslation } from '../../src/api/verify.js';
import { writerOf } from '../../src/api/writers.js';
import { convert, type Translation } from '../../src/convert/convert.js';
import { kept, type Target } from '../../src/convert/scope.js';
import { toYaml } from '../../src/convert/to-yaml.js';
import { readGateways } from '../../src/dialects/read.js';
import { runLint } from '../../src/lint/run.js';
import { type EffectiveGateway, routesOf } from '../../src/model/index.js';
import { type Catalog, catalogOf } from '../../src/resources/catalog.js';
import { locate, parseSource, validateResource } from './sources.js';

export interface Survey {
  /** Features that make exit 1. */
  readonly refused: readonly string[];
  readonly unannounced: readonly string[];
  /** What lint finds in the output and not in the input; what the API server would refuse is among it. */
  readonly errors: readonly string[];
  /** Rules that answer 503 by themselves where the source has none, and nothing was refused. */
  readonly stubs: number;
  /** Lines of the output per line of the input, comments included. */
  readonly length: number;
  readonly lines: number;
  readonly yaml: string;
}

export async function survey(file: string, text: string, to: Target, options = {}): Promise<Survey> {
  const catalog = catalogOf(parseSource(file, Buffer.from(text)).resources);
  const translation = convert(catalog, { from: 'ingress', to }, writerOf, {}, options);
  const yaml = toYaml(translation.objects, translation.origins, locate, translation.remarks);
  const output = parseSource('output.yaml', Buffer.from(yaml)).resources;
  const { unannounced, differences, undecided } = verifyTranslation({ catalog } as never, translation);
  const silent = differences.filter((d) => d.announcedBy.length === 0);
  const [before, after] = [await errorsOf(catalog), await errorsOf(catalogOf([...kept(catalog), ...output]))];
  const lines = linesOf(yaml);
  const refused = [...new Set(translation.items.filter((i) => i.severity === 'refused').map((i) => i.feature))];
  return {
    refused,
    unannounced: [
      ...silent.map(
        (d) =>
          `${d.request.method} ${d.request.scheme}://${d.request.host}${d.request.path} ${JSON.stringify([d.before, d.after])}`,
      ),
      ...(unannounced > silent.length ? undecided.map((u) => u.reason) : []),
    ],
    errors: [
      ...output.flatMap((r) => validateResource(r)).map((d) => d.message),
      ...[...after].filter((e) => !before.has(e)),
    ],
    stubs: refused.length > 0 ? 0 : stubsIn(translation, outputGateways({ catalog } as never, translation)),
    length: lines / linesOf(text),
    lines,
    yaml,
  };
}

const linesOf = (text: string): number => text.split('\n').filter((line) => line.trim() !== '').length;

async function errorsOf(catalog: Catalog): Promise<Set<string>> {
  const { gateways, notes } = readGateways(catalog);
  const sources = { resources: catalog.all, diagnostics: [], files: 1 };
  const { diagnostics } = await runLint({ catalog, sources, gateways, notes }, {});
  return new Set(diagnostics.filter((d) => d.severity === 'error').map((d) => `${d.code} ${d.message}`));
}

function stubsIn(translation: Translation, after: readonly EffectiveGateway[]): number {
  const count = (gateways: readonly EffectiveGateway[]) =>
    gateways
      .filter((g) => g.dialect !== 'service')
      .flatMap((g) => routesOf(g))
      .filter(({ action }) => action.kind === 'direct-response' && action.status === 503).length;
  const had = count(translation.gateways);
  return had > 0 ? 0 : count(after);
}
