// Findings for people: grouped by file, each with its line of the source and a caret.

import { type LintSummary, type LocatedDiagnostic, markedLength, type Severity } from '../diagnostics/index.js';
import { append, counted } from '../model/index.js';
import { sourceExcerpt } from './source-excerpt.js';
import type { Style } from './style.js';
import { visible } from './visible.js';

/** The whole output; `--fix` is mentioned where a finding has a fix. */
export function diagnosticsText(
  result: { readonly diagnostics: readonly LocatedDiagnostic[]; readonly summary: LintSummary },
  style: Style,
): string {
  const lines: string[] = [];
  const folds = foldedInfos(result.diagnostics);
  let file: string | undefined;
  for (const diagnostic of result.diagnostics) {
    if (diagnostic.position.file !== file) {
      file = diagnostic.position.file;
      if (lines.length) lines.push('');
      lines.push(style.underline(visible(file)));
    }
    const folded = folds.get(diagnostic);
    if (folded === undefined) append(lines, one(diagnostic, style));
    else if (folded > 0)
      lines.push(
        `  ${style.dim(`… and ${folded} more ${diagnostic.code} (${gist(diagnostic.message)}); -o json lists all`)}`,
      );
  }
  if (lines.length) lines.push('');
  lines.push(total(result.diagnostics, result.summary, style));
  return `${lines.join('\n')}\n`;
}

/** Of one info code, so many findings of a file are shown. */
const MOST_INFOS = 3;

/** Findings that are not shown; the last of each code and file stands for all of them and has their number, the others 0. */
function foldedInfos(diagnostics: readonly LocatedDiagnostic[]): Map<LocatedDiagnostic, number> {
  const groups = new Map<string, LocatedDiagnostic[]>();
  for (const d of diagnostics) {
    if (d.severity !== 'info') continue;
    const key = `${d.code} ${d.position.file}`;
    const group = groups.get(key);
    if (group) group.push(d);
    else groups.set(key, [d]);
  }
  const folded = new Map<LocatedDiagnostic, number>();
  for (const group of groups.values()) {
    // One more is not worth a line about it.
    if (group.length <= MOST_INFOS + 1) continue;
    const rest = group.slice(MOST_INFOS);
    rest.forEach((d, i) => {
      folded.set(d, i === rest.length - 1 ? rest.length : 0);
    });
  }
  return folded;
}

const gist = (message: string): string => {
  const text = visible(message);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};

const colour = (severity: Severity, style: Style): ((text: string) => string) =>
  severity === 'error' ? style.red : severity === 'warning' ? style.yellow : style.blue;

function one(d: LocatedDiagnostic, style: Style): string[] {
  const { line, column } = d.position;
  const others = [d.istio, d.kiali].filter(Boolean).join(', ');
  const paint = colour(d.severity, style);
  const head = `  ${line}:${column}  ${paint(d.severity)}  ${visible(d.message)}  ${style.dim(`${d.code}${others ? ` (${others})` : ''}`)}`;
  const about = d.resource
    ? [
        `${' '.repeat(8)}${style.dim(visible(`${d.resource.kind} ${d.resource.namespace}/${d.resource.name}${d.path ? ` ${d.path}` : ''}`))}`,
      ]
    : [];
  const related = (d.related ?? []).map(
    (r) =>
      `${' '.repeat(8)}${style.dim(`${visible(r.message)}: ${visible(r.position.file)}:${r.position.line}:${r.position.column}`)}`,
  );
  const fix = d.fix ? [`${' '.repeat(8)}${style.dim(`--fix: ${visible(d.fix.description)}`)}`] : [];
  return [head, ...excerpt(d, style, paint), ...about, ...related, ...fix];
}

function excerpt({ source, position }: LocatedDiagnostic, style: Style, paint: (text: string) => string): string[] {
  if (source === undefined) return [];
  const { text, from } = sourceExcerpt(source, position.column);
  const shown = visible(text).replaceAll('\t', ' ');
  const gutter = String(position.line).padStart(6);
  const end = markedLength(text.slice(position.column - 1 - from));
  return [
    `${style.dim(`${gutter} |`)} ${shown}`,
    `${' '.repeat(6)} ${style.dim('|')} ${' '.repeat(Math.max(0, position.column - 1 - from))}${paint('^'.repeat(Math.min(end, 60)))}`,
  ];
}

function total(diagnostics: readonly LocatedDiagnostic[], summary: LintSummary, style: Style): string {
  const seen = `${counted(summary.resources, 'resource')} in ${counted(summary.files, 'file')}`;
  if (!diagnostics.length) return style.green(`No findings: ${seen}.`);
  const counts = [
    counted(summary.errors, 'error'),
    counted(summary.warnings, 'warning'),
    counted(summary.infos, 'info'),
  ].join(', ');
  const fixable = diagnostics.filter((d) => d.fix).length;
  const worst = (['error', 'warning', 'info'] as const).flatMap((s) => diagnostics.filter((d) => d.severity === s))[0]!;
  const paint = summary.errors ? style.red : summary.warnings ? style.yellow : style.blue;
  return `${paint(counts)} (${seen})${fixable ? `; ${fixable} fixable with --fix` : ''}. Explain one with: meshgw lint --explain ${worst.code}`;
}
