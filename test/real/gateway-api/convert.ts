// Every manifest of the suite, beside its base manifests, translated to Istio and compared; and whether lint names each condition of them that
// says no. Nothing is compiled, and nothing is sent.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convert } from '../../../src/api/convert.js';
import { lint } from '../../../src/api/lint.js';
import { type LoadedConfig, load } from '../../../src/api/load.js';
import { statusesOf } from '../../../src/api/status.js';
import { isNotable, type ObjectStatus, type StatusCondition } from '../../../src/model/index.js';
import { goModule } from '../go-program.js';

/** `[text …]`: of manifests whose name has one of these. */
export async function convertManifests(texts: readonly string[]): Promise<boolean> {
  const module = goModule('gateway-api', 'sigs.k8s.io/gateway-api/conformance');
  const filesOf = (folder: string) => readdirSync(join(module, folder)).filter((name) => name.endsWith('.yaml'));
  const read = (folder: string, name: string) => ({
    file: `${folder}/${name}`,
    text: readFileSync(join(module, folder, name), 'utf8').replaceAll('{GATEWAY_CLASS_NAME}', 'istio'),
  });
  const base = filesOf('base').map((name) => read('base', name));
  const names = filesOf('tests').filter((name) => texts.length === 0 || texts.some((text) => name.includes(text)));
  const counts = { equivalent: 0, announced: 0, refused: 0, elsewhere: 0, failed: 0 };
  const conditions = { standard: [0, 0], istio: [0, 0] };
  for (const name of names) {
    const sources = [...base, read('tests', name)];
    for (const implementation of ['standard', 'istio'] as const) {
      const [all, unsaid] = await conditionsOf(await load(sources, { implementation }), name);
      conditions[implementation][0]! += all;
      conditions[implementation][1]! += unsaid.length;
      for (const text of unsaid) console.log(`${name}, ${implementation}: lint does not say ${text}`);
    }
    const problem = verdictOf(await load(sources));
    counts[problem.kind]++;
    if (problem.kind === 'failed') console.log(`${name}: ${problem.text}`);
    if (problem.kind === 'refused') console.log(`${name}: refused ${problem.text}`);
  }
  for (const [implementation, [all, unsaid]] of Object.entries(conditions))
    console.log(`${implementation}: ${all} conditions say no, ${unsaid} that lint does not name`);
  const { equivalent, announced, refused, elsewhere, failed } = counts;
  console.log(
    `${names.length} manifests to Istio: ${equivalent} equivalent, ${announced} with announced differences, ${refused} with refused items, ${elsewhere} whose route names a Gateway that is not there, ${failed} with something unannounced or undecided`,
  );
  return failed === 0 && Object.values(conditions).every(([, unsaid]) => unsaid === 0);
}

/** A route of the manifest names a Gateway that no manifest has. */
const isElsewhere = (reason: string): boolean => reason.includes('which is not in the files');

type Verdict =
  | { readonly kind: 'equivalent' | 'announced' | 'elsewhere' }
  | { readonly kind: 'refused' | 'failed'; readonly text: string };

function verdictOf(config: LoadedConfig): Verdict {
  const { items, verified } = convert(config, { from: 'gateway-api', to: 'istio', verify: true });
  const unannounced = verified?.differences.filter(({ announcedBy }) => announcedBy.length === 0) ?? [];
  const undecided = verified?.undecided ?? [];
  const [first] = unannounced;
  if (first !== undefined)
    return {
      kind: 'failed',
      text: `${unannounced.length} unannounced: ${JSON.stringify(first.request)} ${JSON.stringify(first.before)} → ${JSON.stringify(first.after)}`,
    };
  const refused = new Set(
    items.filter(({ severity }) => severity === 'refused').map(({ feature }) => feature as string),
  );
  const open = undecided.find(({ unknown, reason }) => !isElsewhere(reason) && !refused.has(unknown?.feature ?? ''));
  if (open !== undefined) return { kind: 'failed', text: `undecided: ${JSON.stringify(open)}` };
  if (undecided.some(({ reason }) => isElsewhere(reason))) return { kind: 'elsewhere' };
  if (refused.size > 0) return { kind: 'refused', text: [...refused].join(', ') };
  return { kind: verified?.equivalent === true ? 'equivalent' : 'announced' };
}

/** Findings of the schema and of CEL. */
const OF_ADMISSION = /^MGW(001[0-6]|080[12])$/;

/** How many conditions of the test's own objects say no, and those that lint does not name. */
async function conditionsOf(config: LoadedConfig, name: string): Promise<[all: number, unsaid: string[]]> {
  const { diagnostics } = await lint(config);
  const refused = new Set(diagnostics.filter(({ code }) => OF_ADMISSION.test(code)).map((d) => d.resource?.name));
  const conditions = statusesOf(config)
    // Of an object that the API server refuses (a placeholder in the place of an address) nobody writes a status.
    .filter(({ resource }) => resource.document.file === `tests/${name}` && !refused.has(resource.name))
    .flatMap((status) => notable(status).map((c) => [status.resource, c] as const));
  const unsaid = conditions.flatMap(([resource, { type, status, reason }]) => {
    const words = `${type}=${status ? 'True' : 'False'} (${reason})`;
    const said = diagnostics.some((d) => d.resource?.name === resource.name && d.message.includes(words));
    return said ? [] : [`${resource.kind} ${resource.name}: ${words}`];
  });
  return [conditions.length, unsaid];
}

const notable = ({ conditions = [], listeners = [], parents = [], ancestors = [] }: ObjectStatus): StatusCondition[] =>
  [conditions, ...[...listeners, ...parents, ...ancestors].map((part) => part.conditions)].flat().filter(isNotable);
