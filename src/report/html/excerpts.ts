// Lines of the files that the page shows beside a node. Nothing of a Secret gets into a page.

import { put, type Resource, type WaysIn } from '../../model/index.js';
import type { PageFinding } from './page-data.js';

/** Lines of one excerpt. */
const LINES = 12;

/** Documents by file and by the lines that they cover. */
export function excerpts(
  ways: WaysIn,
  findings: readonly PageFinding[],
  resources: readonly Resource[],
): Readonly<Record<string, string>> {
  const byFile = new Map<string, Map<number, { readonly lines: readonly string[]; secret: boolean }>>();
  for (const { document, kind } of resources) {
    const documents = byFile.get(document.file) ?? new Map();
    byFile.set(document.file, documents);
    const known = documents.get(document.startLine);
    if (known) known.secret ||= kind === 'Secret';
    else documents.set(document.startLine, { lines: document.text.split(/\r?\n/), secret: kind === 'Secret' });
  }
  const out: Record<string, string> = {};
  const add = (file: string, line: number) => {
    const key = `${file}:${line}`;
    if (Object.hasOwn(out, key)) return;
    for (const [start, { lines, secret }] of byFile.get(file) ?? [])
      if (line >= start && line < start + lines.length) {
        if (!secret) put(out, key, dedent(lines.slice(line - start, line - start + LINES)));
        return;
      }
  };
  for (const service of ways.services) {
    if (service.origin) add(service.origin.file, service.origin.line);
    for (const { entry, rule } of service.ways) {
      add(entry.file, entry.line);
      add(rule.file, rule.line);
    }
  }
  for (const { at } of findings) add(at.file, at.line);
  return out;
}

/** Up to the end of the block that begins in the first line. */
function dedent(lines: readonly string[]): string {
  const indent = (line: string) => line.length - line.trimStart().length;
  const first = indent(lines[0] ?? '');
  const inItem = /^\s*- /.test(lines[0] ?? '');
  const end = lines.findIndex(
    (line, i) => i > 0 && line.trim() !== '' && (indent(line) < first || (inItem && indent(line) === first)),
  );
  const block = end > 0 ? lines.slice(0, end) : lines;
  return block
    .map((line) => line.slice(Math.min(first, indent(line))))
    .join('\n')
    .trimEnd();
}
