// What people see while and after lint runs: repeated infos are folded, a bar is shown on a terminal after a second.

import { expect, test } from 'vitest';
import { progressOn } from '../src/cli/progress.js';
import type { LocatedDiagnostic, Severity } from '../src/diagnostics/index.js';
import { diagnosticsText } from '../src/report/diagnostics-text.js';
import { styleFor } from '../src/report/style.js';

const finding = (line: number, severity: Severity = 'info'): LocatedDiagnostic => ({
  code: 'MGW0110',
  severity,
  message: `no ${line}`,
  position: { file: 'a.yaml', line, column: 1 },
  path: '',
});
const textOf = (diagnostics: readonly LocatedDiagnostic[]) =>
  diagnosticsText(
    { diagnostics, summary: { files: 1, resources: 1, errors: 0, warnings: 0, infos: diagnostics.length } },
    styleFor(false),
  );
const lines = (count: number) => Array.from({ length: count }, (_, i) => finding(i + 1));

test('beyond three, infos of one code and file are one line', () => {
  expect(textOf(lines(17))).toContain('… and 14 more MGW0110 (no 17); -o json lists all');
  expect(textOf(lines(17)).match(/^ {2}\d+:1 /gm)).toHaveLength(3);
  expect(textOf(lines(4)).match(/^ {2}\d+:1 /gm)).toHaveLength(4);
  expect(textOf(lines(17).map((d) => ({ ...d, severity: 'warning' }))).match(/^ {2}\d+:1 /gm)).toHaveLength(17);
});

test('the bar is shown on a terminal after a second, and taken away', () => {
  const run = (isTTY: boolean): string => {
    let [now, out] = [0, ''];
    const stderr = { isTTY, columns: 80, write: (text: string) => void (out += text) };
    const progress = progressOn({ stderr, now: () => now }, 'lint');
    progress.at(0.1);
    now = 1500;
    progress.at(0.5);
    progress.at(0.6);
    progress.end();
    return out;
  };
  expect(run(true)).toBe(`\rlint [${'#'.repeat(15)}${' '.repeat(15)}] 50 %\r\x1b[K`);
  expect(run(false)).toBe('');
});
