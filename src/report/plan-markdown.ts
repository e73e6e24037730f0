// The plan of a move as a checklist in Markdown: what is decided once for all objects, what is done in the cluster, and the order of the move.

import { counted, greatest } from '../model/index.js';
import { code, prose } from './markdown-text.js';
import { answerLines, EACH_STEP, type Plan } from './plan-text.js';

type Entry = Plan['tasks'][number];
type Decision = Plan['decisions'][number] & { readonly group: string };
type Checklist = Omit<Plan, 'decisions'> & { readonly decisions: readonly Decision[] };

/** `installation`: YAML. */
export function planMarkdown({ decisions, tasks, objects, decided }: Checklist, installation?: string): string {
  return [
    `# Moving ${counted(objects.length, 'object')}`,
    '',
    ...section('To decide', decisions.filter(({ group }) => group === 'refused').flatMap(decisionLines)),
    ...section(
      'Different responses to accept',
      decisions.filter(({ group }) => group === 'differs').flatMap(decisionLines),
    ),
    ...answers(decisions),
    ...section('To do in the cluster', tasks.flatMap(entryLines)),
    ...(installation === undefined
      ? []
      : [
          'Merge this into the installation of Istio (`convert --out` writes it as a file):',
          '',
          ...fenced(installation),
          '',
        ]),
    '## Order of the move',
    '',
    prose(EACH_STEP),
    '',
    ...objects.map((object) => `- [ ] ${stepText(object)}`),
    '',
    ...(decided.length > 0 ? [`Decided in \`meshgw.config.yaml\`: ${decided.map(code).join(', ')}.`, ''] : []),
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`## ${title}`, '', ...lines, ''];

/** One statement stands in the line of its entry; several are a list of their own below. */
function entryLines({ feature, title, statements }: Entry): string[] {
  const head = `- [ ] **${prose(title)}** (${code(feature)})`;
  const [first, ...more] = statements.map(({ message, objects }) => prose(message) + placesOf(objects));
  if (more.length === 0) return [`${head}: ${first}`];
  return [`${head}:`, ...[first, ...more].map((line) => `  - [ ] ${line}`)];
}

const decisionLines = (decision: Decision): string[] => [
  ...entryLines(decision),
  // The table of features is written in Markdown.
  ...(decision.decision === undefined ? [] : [`  → ${decision.decision}`]),
];

/** Objects that are listed by name. */
const NAMED = 5;

function placesOf(objects: readonly string[]): string {
  if (objects.length === 0) return '';
  const more = objects.length > NAMED ? ` and ${objects.length - NAMED} more` : '';
  return ` (${objects.slice(0, NAMED).map(prose).join(', ')}${more})`;
}

/** The fence is longer than any in the text. */
function fenced(yaml: string): string[] {
  const runs = [...yaml.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(3, greatest(runs, 0) + 1));
  return [`${fence}yaml`, yaml.trimEnd(), fence];
}

const answers = (decisions: readonly Decision[]): string[] =>
  decisions.length === 0
    ? []
    : [
        'Once decided, `meshgw.config.yaml` answers for all runs (keep the lines that hold):',
        '',
        ...fenced(answerLines(decisions).join('\n')),
        '',
      ];

function stepText({ step, resource, hosts, verdict, decisions, why }: Plan['objects'][number]): string {
  const names = hosts.length > 0 ? ` (${hosts.map(prose).join(', ')})` : '';
  const after = `${counted(decisions.length, 'decision')}: ${decisions.map(code).join(', ')}`;
  const reasons = why.map(({ feature, message }) => `${code(feature)}: ${prose(message)}`).join('; ');
  const waits = decisions.length > 0;
  const text =
    why.length > 0
      ? `cannot move: ${reasons}${waits ? ` (and ${after})` : ''}`
      : waits
        ? `ready after ${after}`
        : verdict;
  return `step ${step}: ${prose(resource)}${names}: ${text}`;
}
