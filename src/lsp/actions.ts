// The fixes of findings as code actions.

import { type CodeAction, CodeActionKind, type Diagnostic, type Range, type TextEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { LocatedDiagnostic } from '../diagnostics/index.js';
import { applyFixes } from '../lint/fix.js';
import { diagnosticOf } from './findings.js';
import type { Checked } from './workspace.js';

/** One for each finding with a fix in the range, and one for all of the file where it has several. */
export function actionsIn(
  document: TextDocument,
  range: Range,
  findings: readonly LocatedDiagnostic[],
  checked: Checked,
): CodeAction[] {
  const fixable = findings.filter((f) => f.fix);
  const here = fixable.filter(({ position: { line } }) => line - 1 >= range.start.line && line - 1 <= range.end.line);
  const one = here.flatMap((finding) =>
    action(finding.fix!.description, [finding], document, [diagnosticOf(finding, checked)]),
  );
  return here.length > 0 && fixable.length > 1
    ? [...one, ...action(`Apply all ${fixable.length} fixes of this file`, fixable, document, [])]
    : one;
}

/** None where the text has changed since it was looked at. */
function action(
  title: string,
  findings: readonly LocatedDiagnostic[],
  document: TextDocument,
  diagnostics: Diagnostic[],
): CodeAction[] {
  const text = document.getText();
  const [fixed] = applyFixes(findings, () => text).files;
  if (!fixed) return [];
  const edit = { changes: { [document.uri]: [changed(document, fixed.after)] } };
  return [{ title, kind: CodeActionKind.QuickFix, diagnostics, edit, isPreferred: diagnostics.length > 0 }];
}

/** The part of a text that became another. */
function changed(document: TextDocument, after: string): TextEdit {
  const before = document.getText();
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return {
    range: { start: document.positionAt(start), end: document.positionAt(before.length - end) },
    newText: after.slice(start, after.length - end),
  };
}
