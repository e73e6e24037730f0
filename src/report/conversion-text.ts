// What became of a translation's fields, for people: a summary, then every loss with its place and what it means.

import type { Style } from './style.js';

export interface LocatedItem {
  readonly severity: 'exact' | 'approximate' | 'refused';
  readonly feature: string;
  readonly message: string;
  readonly origin: { readonly file: string; readonly line: number; readonly resource: string; readonly path: string };
}

const MARK = { exact: '✓', approximate: '~', refused: '✗' } as const;

/** Lines for stderr; exact fields are counted, not listed; a loss is told once, with the places where it happens. */
export function renderItems(items: readonly LocatedItem[], style: Style): string {
  const count = (severity: LocatedItem['severity']) => items.filter((i) => i.severity === severity).length;
  const color = { exact: style.green, approximate: style.yellow, refused: style.red };
  const lines = (['exact', 'approximate', 'refused'] as const).map(
    (s) => `${color[s](`${MARK[s]} ${s.padEnd(12)}`)}${String(count(s)).padStart(5)}`,
  );
  for (const severity of ['refused', 'approximate'] as const) {
    const losses = new Map<string, LocatedItem[]>();
    for (const item of items.filter((i) => i.severity === severity)) {
      const key = `${item.feature}\n${item.message}`;
      losses.set(key, [...(losses.get(key) ?? []), item]);
    }
    for (const places of losses.values()) {
      const [first] = places as [LocatedItem];
      lines.push(
        '',
        `${color[severity](`${MARK[severity]} ${severity}`)} ${style.bold(first.feature)}: ${first.message}`,
      );
      for (const { origin } of places.slice(0, LISTED))
        lines.push(style.dim(`    ${origin.file}:${origin.line}  ${origin.resource} ${origin.path}`.trimEnd()));
      if (places.length > LISTED) lines.push(style.dim(`    … and ${places.length - LISTED} more places`));
    }
  }
  return `${lines.join('\n')}\n`;
}

const LISTED = 5;
