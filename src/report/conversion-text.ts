// What became of a translation's fields, for people: a summary, then every loss with its place and what it means.

import type { Style } from './style.js';

export interface LocatedItem {
  readonly severity: 'exact' | 'approximate' | 'refused';
  readonly feature: string;
  readonly message: string;
  readonly origin: { readonly file: string; readonly line: number; readonly resource: string; readonly path: string };
}

const MARK = { exact: '✓', approximate: '~', refused: '✗' } as const;

/** Lines for stderr; exact fields are counted, not listed. */
export function renderItems(items: readonly LocatedItem[], style: Style): string {
  const count = (severity: LocatedItem['severity']) => items.filter((i) => i.severity === severity).length;
  const color = { exact: style.green, approximate: style.yellow, refused: style.red };
  const lines = (['exact', 'approximate', 'refused'] as const).map(
    (s) => `${color[s](`${MARK[s]} ${s.padEnd(12)}`)}${String(count(s)).padStart(5)}`,
  );
  for (const severity of ['refused', 'approximate'] as const)
    for (const item of items.filter((i) => i.severity === severity))
      lines.push(
        '',
        `${color[severity](`${MARK[severity]} ${severity}`)} ${style.bold(item.feature)}  ${item.origin.file}:${item.origin.line}  ${item.origin.resource} ${item.origin.path}`,
        `  ${item.message}`,
      );
  return `${lines.join('\n')}\n`;
}
