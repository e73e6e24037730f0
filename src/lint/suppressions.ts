// `# meshgw-ignore MGW0101 reason` on the line of a finding or on the line above it: the finding is not reported; with
// `meshgw-ignore-file` none of the code is in the whole file.
// A suppression that suppresses nothing is an info.

import type { LocatedDiagnostic } from '../diagnostics/index.js';
import type { Resource, SourceDocument } from '../model/index.js';
import { UNUSED_SUPPRESSION } from './unused-suppression.js';

interface Suppression {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly codes: readonly string[];
  readonly wholeFile: boolean;
  readonly source: string;
  used: boolean;
}

const COMMENT = /(?:^|\s)#\s*meshgw-ignore(-file)?\s+((?:[A-Z]+\d{4}[,\s]*)+)(.*)$/;

function inDocument(document: SourceDocument): Suppression[] {
  if (!document.text.includes('meshgw-ignore')) return [];
  return document.text.split('\n').flatMap((line, index) => {
    const match = COMMENT.exec(line);
    if (!match) return [];
    const codes = match[2]!.match(/[A-Z]+\d{4}/g) ?? [];
    const column = line.indexOf('#', match.index) + 1;
    return [
      {
        file: document.file,
        line: document.startLine + index,
        column,
        codes,
        wholeFile: match[1] !== undefined,
        source: line.replace(/\r$/, ''),
        used: false,
      },
    ];
  });
}

/** Findings without those that a comment suppresses, by our code or Istio's; and one for each comment without a use. */
export function suppressed(found: readonly LocatedDiagnostic[], resources: readonly Resource[]): LocatedDiagnostic[] {
  const comments = [...new Set(resources.map((r) => r.document))].flatMap(inDocument);
  if (!comments.length) return [...found];
  const byLine = new Map<string, Suppression[]>();
  for (const comment of comments) {
    const alone = comment.source.slice(0, comment.column - 1).trim() === '';
    const key = comment.wholeFile ? comment.file : `${comment.file}:${comment.line + (alone ? 1 : 0)}`;
    byLine.set(key, [...(byLine.get(key) ?? []), comment]);
  }
  const kept = found.filter((diagnostic) => {
    const { file, line } = diagnostic.position;
    const here = [...(byLine.get(`${file}:${line}`) ?? []), ...(byLine.get(file) ?? [])];
    const comment = here.find((c) => c.codes.some((code) => code === diagnostic.code || code === diagnostic.istio));
    if (comment) comment.used = true;
    return !comment;
  });
  const unused = comments.filter((comment) => !comment.used);
  return [
    ...kept,
    ...unused.map(
      ({ file, line, column, codes, source }): LocatedDiagnostic => ({
        code: UNUSED_SUPPRESSION.code,
        severity: 'info',
        message: `nothing is left for this comment to ignore (${codes.join(', ')}); remove it`,
        position: { file, line, column },
        path: '',
        source,
      }),
    ),
  ];
}
