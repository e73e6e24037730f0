// The columns of the live view. Narrow terminals have no room for the host and the destination: these stand in the details of a row.

import type { LiveRow } from './live-state.js';

/** From here on everything fits. */
const WIDE = 120;

interface Column {
  readonly title: string;
  readonly text: (row: LiveRow) => string;
  /** Characters, or (below 1) a part of what fixed columns leave. */
  readonly width: number;
}

const statusOf = ({ status, flags }: LiveRow): string => `${status || '-'}${flags === '' ? '' : ` ${flags}`}`;
const msOf = ({ ms }: LiveRow): string => (ms < 10 ? ms.toFixed(1) : String(Math.round(ms)));

const TIME: Column = { title: 'time', text: (r) => r.time, width: 8 };
const STATUS: Column = { title: 'status', text: statusOf, width: 7 };
const MS: Column = { title: 'ms', text: (r) => msOf(r).padStart(6), width: 6 };
const METHOD: Column = { title: 'method', text: (r) => r.method, width: 6 };

const NARROW_COLUMNS: readonly Column[] = [
  TIME,
  STATUS,
  MS,
  METHOD,
  { title: 'path', text: (r) => r.path, width: 0.58 },
  // Of an object the name is what tells them apart.
  { title: 'route', text: (r) => r.route.split(' ').at(-1)!, width: 0.42 },
];
const WIDE_COLUMNS: readonly Column[] = [
  TIME,
  STATUS,
  MS,
  METHOD,
  { title: 'host and path', text: (r) => r.host + r.path, width: 0.45 },
  { title: 'route', text: (r) => r.route, width: 0.25 },
  { title: 'destination', text: (r) => r.destination, width: 0.3 },
];

const columnsFor = (width: number): readonly Column[] => (width < WIDE ? NARROW_COLUMNS : WIDE_COLUMNS);

const line = (width: number, text: (column: Column) => string): string => {
  const columns = columnsFor(width);
  const fixed = columns.reduce((sum, c) => sum + (c.width < 1 ? 0 : c.width), 0);
  const rest = Math.max(10, width - 2 - fixed - (columns.length - 1));
  return columns.map((c) => cell(text(c), c.width < 1 ? Math.floor(rest * c.width) : c.width)).join(' ');
};

export const titleLine = (width: number): string => line(width, (c) => c.title);
export const rowLine = (row: LiveRow, width: number): string => line(width, (c) => c.text(row));

const cell = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
