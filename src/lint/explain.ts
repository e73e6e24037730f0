// Words about rules: `--explain`, `--list-rules`, the pages of docs/rules, and what SARIF says about a rule.

import { CannotRunError, nearestName, type Severity } from '../diagnostics/index.js';
import { greatest } from '../model/index.js';
import { isOfSchema, SOURCE_CODES } from '../sources/index.js';
import type { Rule } from './rule.js';
import { rules } from './rules/index.gen.js';
import { UNUSED_SUPPRESSION } from './unused-suppression.js';

export interface RuleSummary {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly category: string;
  readonly title: string;
  readonly happens: string;
  readonly instead: string;
  readonly istio?: string;
  readonly kiali?: string;
  /** Off unless configured. */
  readonly optIn?: boolean;
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

/** What reading and the schemas report. */
const readingRules = (): RuleSummary[] =>
  Object.entries(SOURCE_CODES).map(([key, { code, severity, title }]) => ({
    code,
    name: kebab(key),
    severity,
    category: isOfSchema(code) ? 'schema' : 'reading',
    title,
    happens: isOfSchema(code)
      ? 'The API server refuses the object, or drops the unknown part.'
      : 'The document (or the object) is left out of everything that meshgw does.',
    instead: 'Follow the message; it names the place and the nearest known name.',
  }));

const suppressionRule: RuleSummary = {
  code: UNUSED_SUPPRESSION.code,
  name: 'unused-suppression',
  severity: 'info',
  category: 'note',
  title: UNUSED_SUPPRESSION.title,
  happens: 'Nothing; but the reason that the comment gives no longer holds.',
  instead: 'Remove the comment.',
};

/** Code by code and by name, of every rule that `ruleSummaries` has; every run asks, so none of their words is made. */
export const ruleCodes = (): Map<string, string> =>
  new Map(
    [...readingRules(), ...rules, suppressionRule].flatMap(({ code, name }) => [
      [code, code],
      [name, code],
    ]),
  );

/** Every code that lint can report, by code: those of reading and of the schemas too. */
export function ruleSummaries(): RuleSummary[] {
  const own = rules.map(({ code, name, severity, category, title, docs, istio, kiali, optIn }) => {
    const { happens, instead } = docs();
    return {
      code,
      name,
      severity,
      category,
      title,
      happens,
      instead,
      ...(istio ? { istio } : {}),
      ...(kiali ? { kiali } : {}),
      ...(optIn ? { optIn } : {}),
    };
  });
  return [...readingRules(), ...own, suppressionRule].sort((a, b) => (a.code < b.code ? -1 : 1));
}

const findRule = (code: string): Rule | undefined => rules.find((rule) => rule.code === code || rule.name === code);

const counterparts = ({ istio, kiali }: Pick<RuleSummary, 'istio' | 'kiali'>): string =>
  [istio, kiali].filter(Boolean).join(', ');

/** The text of `--explain`; a code, a name, or Istio's or Kiali's code for it. Errors: CannotRunError for an unknown one. */
export function explain(wanted: string): string {
  const key = wanted.trim();
  const found = ruleSummaries().filter(
    (rule) => [rule.code, rule.name].includes(key) || [rule.code, rule.istio, rule.kiali].includes(key.toUpperCase()),
  );
  if (!found.length) throw unknownRule(wanted);
  return found.map(explainOne).join('\n');
}

/** The error for a rule that does not exist, with the one that was probably meant. A code one digit off is no slip to guess at. */
export function unknownRule(wanted: string): CannotRunError {
  const near = /\d/.test(wanted)
    ? undefined
    : nearestName(
        wanted,
        ruleSummaries().map(({ name }) => name),
      );
  return new CannotRunError(
    `there is no rule \`${wanted}\`${near ? `; did you mean \`${near}\`?` : ''}`,
    'meshgw lint --list-rules shows all of them',
  );
}

function explainOne(rule: RuleSummary): string {
  const docs = findRule(rule.code)?.docs();
  const also = counterparts(rule);
  const lines = [
    `${rule.code} ${rule.name} (${rule.optIn ? 'off by default' : rule.severity}${also ? `; ${also}` : ''})`,
    `  ${rule.title}.`,
    '',
    `  What happens: ${rule.happens}`,
    `  Instead: ${rule.instead}`,
  ];
  if (docs) lines.push('', '  Bad:', indent(docs.bad), '  Good:', indent(docs.good));
  return `${lines.join('\n')}\n`;
}

const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '    ');

/** The table of `--list-rules`: code, level, counterpart, name, title. */
export function listRules(): string {
  const all = ruleSummaries();
  const width = greatest(
    all.map((rule) => rule.name.length),
    0,
  );
  return all
    .map(
      (rule) =>
        `${rule.code}  ${(rule.optIn ? 'off' : rule.severity).padEnd(7)}  ${counterparts(rule).padEnd(16)}  ${rule.name.padEnd(width)}  ${rule.title}`,
    )
    .concat('')
    .join('\n');
}

/** `--list-rules -o json`. */
export const rulesJson = (): string => `${JSON.stringify({ version: 1, rules: ruleSummaries() }, null, 2)}\n`;

/** docs/rules/<code>.md. */
export function rulePage(rule: Rule): string {
  const also = counterparts(rule);
  const docs = rule.docs();
  return [
    `# ${rule.code} ${rule.name}`,
    '',
    `${rule.title}.`,
    '',
    `| severity | category | counterpart |`,
    `|---|---|---|`,
    `| ${rule.optIn ? `${rule.severity}, off by default` : rule.severity} | ${rule.category} | ${also || 'none'} |`,
    '',
    `**What happens.** ${docs.happens}`,
    '',
    `**Instead.** ${docs.instead}`,
    '',
    '## Bad',
    '```yaml',
    docs.bad.trimEnd(),
    '```',
    '',
    '## Good',
    '```yaml',
    docs.good.trimEnd(),
    '```',
    '',
    `Turn it off with \`--rule ${rule.code}=off\`, in meshgw.config.yaml with \`lint: {rules: {${rule.code}: "off"}}\`, or in one place with a comment \`# meshgw-ignore ${rule.code} because …\` on the line or above it.`,
    '',
  ].join('\n');
}

/** docs/rules/README.md. */
export function rulesIndex(): string {
  const row = (r: RuleSummary) => {
    const code = findRule(r.code) ? `[${r.code}](${r.code}.md)` : r.code;
    return `| ${code} | ${r.name} | ${r.optIn ? 'off' : r.severity} | ${counterparts(r)} | ${r.title} |`;
  };
  return [
    '# Rules of meshgw lint',
    '',
    'Generated; run `npm run generate`.',
    '',
    '| code | name | level | Istio, Kiali | finding |',
    '|---|---|---|---|---|',
    ...ruleSummaries().map(row),
    '',
  ].join('\n');
}
