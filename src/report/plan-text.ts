// The plan of a move for a terminal: a line per object with its verdict, then each decision and each piece of work once.

import { append, counted, greatest } from '../model/index.js';
import type { Style } from './style.js';
import { visibleData } from './visible.js';
import { cut, wrap } from './wrap.js';

interface Entry {
  readonly feature: string;
  readonly title: string;
  readonly statements: readonly { readonly message: string; readonly objects: readonly string[] }[];
  readonly objects: readonly string[];
}

interface Decision extends Entry {
  readonly decision?: string;
  readonly answers: readonly string[];
}

interface PlannedObject {
  readonly resource: string;
  readonly hosts: readonly string[];
  readonly verdict: string;
  readonly decisions: readonly string[];
  readonly why: readonly { readonly feature: string; readonly message: string }[];
  readonly step: number;
}

export interface Plan {
  readonly decisions: readonly Decision[];
  readonly tasks: readonly Entry[];
  readonly objects: readonly PlannedObject[];
  readonly decided: readonly string[];
  readonly installation?: object;
}

const WIDEST = 120;
const NARROWEST = 40;
/** Statements of one entry that are shown. */
const SHOWN = 3;
const VERDICTS = ['ready', 'ready after decisions', 'cannot move'] as const;

/** No line is longer than `width`. */
export function renderPlan(plan: Plan, style: Style, width = 80): string {
  const { decisions, tasks, objects, decided, installation } = visibleData(plan);
  const columns = Math.min(WIDEST, Math.max(NARROWEST, width));
  const lines = table(objects, new Map(decisions.map(({ feature }, i) => [feature, i + 1])), style, columns);
  const section = (title: string, entries: readonly string[]) => {
    if (entries.length > 0) append(lines, ['', style.bold(title), ...entries]);
  };
  const own = decisions.filter((d) => d.objects.length > 0);
  const common = decisions.filter((d) => d.objects.length === 0);
  const said = (list: readonly Decision[]) =>
    list.flatMap((d) => entryLines(d, `${decisions.indexOf(d) + 1}`.padStart(3), style, columns, d.decision));
  section('Decisions, each once for all objects', said(own));
  section('Decisions for the whole gateway', said(common));
  section(
    'To do in the cluster',
    tasks.flatMap((task) => entryLines(task, '  -', style, columns)),
  );
  if (installation) append(lines, wrap(INSTALLATION, columns, '  - ', '    '));
  append(lines, ['', ...wrap(EACH_STEP, columns)]);
  append(lines, answersOf(decisions, style));
  if (decided.length > 0)
    append(lines, wrap(`decided in meshgw.config.yaml: ${decided.join(', ')}`, columns, '', '  ').map(style.dim));
  const count = (v: string) => objects.filter((o) => o.verdict === v).length;
  append(lines, ['', ...wrap(VERDICTS.map((v) => `${count(v)} ${v}`).join(', '), columns)]);
  return `${lines.join('\n')}\n`;
}

const INSTALLATION =
  'merge the extension providers into the installation of Istio: convert --out DIR writes DIR/installation/istio-operator.yaml';

/** What is the same for every step. */
export const EACH_STEP =
  'Each step: apply the objects that convert writes for it, ask the new gateway by its address, then point DNS of its hosts there.';

function table(
  objects: readonly PlannedObject[],
  numbers: ReadonlyMap<string, number>,
  style: Style,
  columns: number,
): string[] {
  const number = Math.max(4, String(objects.at(-1)?.step ?? 0).length + 2);
  const verdicts = objects.map((o) => verdictText(o, numbers));
  const widest = greatest(
    objects.map((o) => o.resource.length),
    8,
  );
  const name = Math.min(
    widest + 2,
    Math.max(
      12,
      columns -
        number -
        1 -
        greatest(
          verdicts.map((v) => v.length),
          7,
        ),
    ),
  );
  const lines = [style.dim(`${'step'.padEnd(number)} ${'object'.padEnd(name)}verdict`)];
  const indent = ' '.repeat(number + 3);
  let step = 0;
  for (const [i, o] of objects.entries()) {
    const color = o.verdict === 'ready' ? style.green : o.verdict === 'cannot move' ? style.red : style.yellow;
    const first = o.step === step ? '' : String(o.step);
    step = o.step;
    const head = `${first.padStart(number)} ${cut(o.resource, name - 1).padEnd(name)}`;
    const [verdict = '', ...more] = wrap(verdicts[i]!, columns - head.length);
    lines.push(head + color(verdict));
    for (const line of more) lines.push(' '.repeat(head.length) + color(line));
    if (o.hosts.length > 0) lines.push(style.dim(cut(`${indent}${o.hosts.join(', ')}`, columns)));
    for (const { feature, message } of o.why)
      append(lines, wrap(`${feature}: ${message}`, columns, indent, `${indent}  `).map(style.red));
  }
  return lines;
}

function verdictText({ verdict, decisions }: PlannedObject, numbers: ReadonlyMap<string, number>): string {
  if (decisions.length === 0) return verdict;
  const list = decisions
    .map((feature) => numbers.get(feature)!)
    .sort((a, b) => a - b)
    .join(', ');
  const count = counted(decisions.length, 'decision');
  return verdict === 'cannot move' ? `${verdict} (and ${count}: ${list})` : `ready after ${count}: ${list}`;
}

function entryLines(
  { feature, title, statements, objects }: Entry,
  mark: string,
  style: Style,
  columns: number,
  decision?: string,
): string[] {
  const where = objects.length > 0 ? `  ${counted(objects.length, 'object')}` : '';
  const lines = [`${mark} ${style.bold(feature)}${style.dim(`  ${title}${where}`)}`];
  const first = statements.length > 1 ? '      - ' : '      ';
  for (const { message } of statements.slice(0, SHOWN))
    append(lines, wrap(message, columns, first, ' '.repeat(first.length)));
  if (statements.length > SHOWN) lines.push(style.dim(`      … and ${statements.length - SHOWN} more (-o markdown)`));
  if (decision !== undefined) append(lines, wrap(`→ ${decision.replaceAll('`', '')}`, columns, '      ', '        '));
  return lines;
}

/** How to give the answers, ready to paste. */
function answersOf(decisions: readonly Decision[], style: Style): string[] {
  if (decisions.length === 0) return [];
  return [
    '',
    style.bold('Once decided, meshgw.config.yaml answers for all runs (keep the lines that hold):'),
    ...answerLines(decisions).map((line) => `  ${line}`),
  ];
}

/** `convert:` of meshgw.config.yaml with every answer that could be given. */
export const answerLines = (decisions: readonly Pick<Decision, 'feature' | 'answers'>[]): string[] => [
  'convert:',
  '  decisions:',
  ...decisions.map(({ feature, answers: [first, ...others] }) => {
    const or = others.length > 0 ? ` # or ${others.join(', ')}` : '';
    return `    ${feature}: ${first}${or}`;
  }),
];
