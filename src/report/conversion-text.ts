// What became of a translation's fields, for people: a table per object, then every loss once, by what there is to do about it.

import { append, counted, greatest } from '../model/index.js';
import { GROUPS, type GroupKey } from './conversion-groups.js';
import type { Style } from './style.js';
import { visibleData } from './visible.js';
import { cut, wrap } from './wrap.js';

export interface LocatedItem {
  readonly severity: 'exact' | 'approximate' | 'refused';
  readonly feature: string;
  /** Of a loss. */
  readonly group?: GroupKey;
  readonly message: string;
  /** Nothing is left to do: it is not listed. */
  readonly decided?: true;
  readonly origin: { readonly file: string; readonly line: number; readonly resource: string; readonly path: string };
}

/** Places of one loss, and objects of the table, that are listed. */
const PLACES = 3;
const OBJECTS = 20;
const NUMBER = 9;
const WIDEST = 100;
const NARROWEST = 40;

/** Lines for stderr, none longer than `width` (within reason). Exact fields are counted, not listed. `notes`: what the source does in spite of its files. */
export function renderItems(
  items: readonly LocatedItem[],
  style: Style,
  width = 80,
  notes: readonly LocatedItem[] = [],
): string {
  const columns = Math.min(WIDEST, Math.max(NARROWEST, width));
  const lines = table(items, style, columns);
  const section = (title: string, color: (line: string) => string, losses: readonly LocatedItem[]) => {
    if (losses.length === 0) return;
    append(lines, ['', ...wrap(title, columns, '', '  ').map((line) => color(style.bold(line)))]);
    for (const [feature, same] of by(losses, (i) => i.feature)) {
      lines.push(`  ${style.bold(visibleData(feature))}`);
      for (const [message, places] of by(same, (i) => i.message)) {
        append(lines, wrap(visibleData(message), columns, '    '));
        for (const place of places.slice(0, PLACES))
          append(
            lines,
            placeLines(visibleData(place), columns).map((l) => style.dim(l)),
          );
        if (places.length > PLACES)
          lines.push(style.dim(`      … and ${counted(places.length - PLACES, 'more place')}`));
      }
    }
  };
  for (const { key, mark, title } of GROUPS)
    section(
      `${mark} ${title}`,
      paint(key, style),
      items.filter((i) => i.group === key && !i.decided),
    );
  const decided = [...new Set(items.filter((i) => i.decided).map((i) => visibleData(i.feature)))];
  if (decided.length > 0)
    append(lines, [
      '',
      ...wrap(`decided in meshgw.config.yaml: ${decided.join(', ')}`, columns, '', '  ').map(style.dim),
    ]);
  section('? Surprising behaviour of the source, translated as it is', style.blue, notes);
  return `${lines.join('\n')}\n`;
}

const paint = (key: GroupKey, style: Style) =>
  ({ refused: style.red, todo: style.magenta, differs: style.yellow, carriage: style.cyan })[key];

const SEVERITIES = ['exact', 'approximate', 'refused'] as const;

function table(items: readonly LocatedItem[], style: Style, columns: number): string[] {
  const rows = [...by(items, (i) => i.origin.resource)].map(([name, own]) => ({
    name: visibleData(name),
    counts: SEVERITIES.map((s) => own.filter((i) => i.severity === s).length),
  }));
  const worst = rows.toSorted((a, b) => b.counts[2]! - a.counts[2]! || b.counts[1]! - a.counts[1]!);
  const room = columns - SEVERITIES.length * NUMBER;
  const widest = Math.min(
    room,
    greatest(
      worst.slice(0, OBJECTS).map((r) => r.name.length),
      12,
    ),
  );
  const row = (name: string, cells: readonly string[]) =>
    cut(name, widest).padEnd(widest) + cells.map((c) => c.padStart(NUMBER)).join('');
  const colors = [style.green, style.yellow, style.red];
  const numbers = (counts: readonly number[]) =>
    counts.map((n, i) => (n === 0 ? style.dim('–'.padStart(NUMBER)) : colors[i]!(String(n).padStart(NUMBER)))).join('');
  const shown = (name: string, counts: readonly number[]) => cut(name, widest).padEnd(widest) + numbers(counts);
  const total = SEVERITIES.map((_, i) => rows.reduce((sum, r) => sum + r.counts[i]!, 0));
  return [
    style.dim(row('fields of', ['exact', 'approx.', 'refused'])),
    ...worst.slice(0, OBJECTS).map((r) => shown(r.name, r.counts)),
    ...(worst.length > OBJECTS
      ? [style.dim(`… and ${counted(worst.length - OBJECTS, 'more object')} (--plan lists all)`)]
      : []),
    ...(rows.length > 1 ? [shown(`${rows.length} objects`, total)] : []),
  ];
}

/** `ingress.yaml:12  Ingress shop/web limit-rps`, an annotation by its name; on two lines where one is too short. The file is never cut. */
function placeLines({ origin: { file, line, resource, path } }: LocatedItem, columns: number): string[] {
  const annotation = /^metadata\.annotations\["(?:.*\/)?([^/]*)"\]$/.exec(path)?.[1];
  const place = `      ${file}:${line}`;
  const what = `${resource} ${annotation ?? path}`.trimEnd();
  return place.length + 2 + what.length <= columns ? [`${place}  ${what}`] : [place, cut(`        ${what}`, columns)];
}

function by<T>(list: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const known = groups.get(key(item));
    if (known) known.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
