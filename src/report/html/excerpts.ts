// Lines of the files that the page shows beside a node. Nothing of a Secret gets into a page.

import { type MatchedOrigin, put, type Resource, type WaysIn } from '../../model/index.js';
import type { PageFinding } from './page-data.js';

/** Lines of one excerpt. */
const LINES = 12;

type Place = Pick<MatchedOrigin, 'file' | 'line'>;

/** Lines at the places of all ways and findings, by `file:line`. */
export function excerpts(
  ways: WaysIn,
  findings: readonly PageFinding[],
  resources: readonly Resource[],
): Readonly<Record<string, string>> {
  const places: Place[] = [];
  for (const service of ways.services) {
    if (service.origin) places.push(service.origin);
    for (const { entry, rule } of service.ways) places.push(entry, rule);
  }
  for (const { at } of findings) places.push(at);
  return excerptsAt(places, resources);
}

/** Documents by file and by the lines that they cover. */
export function excerptsAt(places: readonly Place[], resources: readonly Resource[]): Readonly<Record<string, string>> {
  const byFile = new Map<string, Map<number, { readonly lines: readonly string[]; secret: boolean }>>();
  for (const { document, kind } of resources) {
    const documents = byFile.get(document.file) ?? new Map();
    byFile.set(document.file, documents);
    const known = documents.get(document.startLine);
    if (known) known.secret ||= kind === 'Secret';
    else documents.set(document.startLine, { lines: document.text.split(/\r?\n/), secret: kind === 'Secret' });
  }
  const out: Record<string, string> = {};
  for (const { file, line } of places) {
    const key = `${file}:${line}`;
    if (Object.hasOwn(out, key)) continue;
    for (const [start, { lines, secret }] of byFile.get(file) ?? [])
      if (line >= start && line < start + lines.length) {
        if (!secret) put(out, key, dedent(lines.slice(line - start, line - start + LINES)));
        break;
      }
  }
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
