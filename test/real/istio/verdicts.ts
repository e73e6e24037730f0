// Does lint say of one object what the CRDs and Istio's webhook say? Objects of recorded cases, changed as for `fuzz`.
import { lintKnowledge } from '../../../src/api/lint-knowledge.js';
import { readGateways } from '../../../src/dialects/read.js';
import { lintFindings } from '../../../src/lint/run.js';
import { catalogOf } from '../../../src/resources/catalog.js';
import { parseSource } from '../../../src/sources/index.js';
import { randomFrom } from '../../envoy/generate.js';
import { asYaml, recordedDocs } from './fuzz.js';
import type { Witnesses } from './interrogate.js';
import { mutate, pick, poolOf } from './mutate.js';

type Severity = 'error' | 'warning' | 'valid';

/** `verdicts <objects> [seed]` */
export async function compareVerdicts(
  witnesses: Witnesses,
  [count = '500', seed = '1']: readonly string[],
): Promise<boolean> {
  const random = randomFrom(Number(seed));
  // What the API server says of an Ingress or a Service is in no library.
  const docs = recordedDocs().filter((d) => /istio\.io|gateway\.networking/.test(String(d.apiVersion)));
  const pool = poolOf(docs);
  const kinds = [...new Set(docs.map((d) => String(d.kind)))];
  const seen = { error: 0, warning: 0, valid: 0 };
  const lines: string[] = [];
  for (let n = 0; n < Number(count); n++) {
    const kind = pick(random, kinds);
    const [doc] = mutate(
      random,
      [
        pick(
          random,
          docs.filter((d) => d.kind === kind),
        ),
      ],
      pool,
      1 + Math.floor(random() * 4),
    );
    const yaml = asYaml([doc!]);
    const { rejected = [], warnings = [] } = await witnesses.controlPlane.ask(yaml, []);
    const real: Severity = rejected.length > 0 ? 'error' : warnings.length > 0 ? 'warning' : 'valid';
    seen[real]++;
    const sources = parseSource('input.yaml', yaml);
    const catalog = catalogOf(sources.resources);
    const found = await lintFindings({ sources, catalog, ...readGateways(catalog, {}) }, lintKnowledge({}));
    const errors = found.filter((d) => d.severity === 'error');
    if (errors.length > 0 === (real === 'error')) continue;
    lines.push(
      real === 'error'
        ? `lint finds no error: ${rejected[0]!.object}, ${rejected[0]!.by}: ${rejected[0]!.reason}\n${yaml}`
        : `lint's error alone: ${errors.map((d) => `${d.code} ${d.message}`).join('; ')}\n${yaml}`,
    );
  }
  console.log(`${count} objects: ${JSON.stringify(seen)}; ${lines.length} verdicts differ in what is an error`);
  for (const line of lines.slice(0, Number(process.env.SHOW ?? 10))) console.log(line);
  return lines.length === 0;
}
