// What a rule comes to: the routes that are made of it, as `meshgw routes` shows them.

import { routeTable } from '../diff/index.js';
import { type FieldPath, formatPath, formatResource, type RouteRow, type RouteTable } from '../model/index.js';
import { code, prose } from '../report/markdown-text.js';
import { formatRequest } from '../report/result-text.js';
import { locate } from '../sources/index.js';
import type { Checked, Spot } from './workspace.js';

/** Routes shown of one rule. */
const MOST_ROUTES = 5;

const tables = new WeakMap<Checked, RouteTable>();

function tableOf(checked: Checked): RouteTable {
  let table = tables.get(checked);
  if (!table) tables.set(checked, (table = routeTable(checked.config.gateways, { locate })));
  return table;
}

interface Found {
  readonly gateway: string;
  readonly port: number;
  readonly hosts: readonly string[];
  readonly row: RouteRow;
}

/** Markdown; undefined where no route is made of what stands there. */
export function hoverText(checked: Checked, { resource, path }: Spot): string | undefined {
  const name = formatResource(resource);
  const own = [...rowsOf(tableOf(checked))].filter(({ row }) => row.origin.resource === name);
  const around = [formatPath(path), ...itemsAround(path).map(formatPath)];
  const found = around.map((at) => routesAt(own, at)).find((routes) => routes.length > 0);
  if (found === undefined) return undefined;
  const more = found.length > MOST_ROUTES ? [`… and ${found.length - MOST_ROUTES} more routes`] : [];
  return [...found.slice(0, MOST_ROUTES).map(routeText), ...more].join('\n\n---\n\n');
}

/** Of the match that the cursor is in, or else of what is inside of it. */
function routesAt(own: readonly Found[], at: string): readonly Found[] {
  const ofMatch = own.filter(({ row }) => isWithin(at, row.origin.path));
  return ofMatch.length > 0 ? ofMatch : own.filter(({ row }) => isWithin(row.origin.path, at));
}

/** The items of lists that a field is in, the nearest first: a timeout belongs to its rule, which the matches beside it make routes of. */
const itemsAround = (path: FieldPath): FieldPath[] =>
  path.flatMap((step, i) => (typeof step === 'number' ? [path.slice(0, i + 1)] : [])).reverse();

/** `spec.http[0].match` is within `spec.http[0]`. */
const isWithin = (path: string, outer: string): boolean =>
  path === outer || (path.startsWith(outer) && '.['.includes(path.charAt(outer.length)));

function* rowsOf({ gateways }: RouteTable): Generator<Found> {
  for (const { id, listeners } of gateways)
    for (const { port, chains } of listeners)
      for (const { virtualHosts } of chains)
        for (const { hosts, routes } of virtualHosts) for (const row of routes) yield { gateway: id, port, hosts, row };
}

function routeText({ gateway, port, hosts, row }: Found): string {
  return [
    `**${prose(row.match.join(', ') || 'anything')}** → ${code(row.action)}`,
    `Gateway ${code(gateway)}, port ${port}, ${prose(hosts.join(', '))}`,
    reachText(row),
    ...(row.unknown ?? []).map((u) => `Not predicted: ${prose(u.message)}`),
  ].join('  \n');
}

function reachText(row: RouteRow): string {
  if (row.reach === 'reached') return row.request ? `For example ${code(formatRequest(row.request))}` : 'Reached';
  const by = (row.coveredBy ?? []).map((m) => `${m.resource} ${m.path} (${m.file}:${m.line})`);
  const reason = row.reason === undefined ? '' : `: ${prose(row.reason)}`;
  return `${row.reach === 'unreachable' ? 'No request reaches it' : 'Not decided'}${reason}${by.length > 0 ? `: ${prose(by.join(', '))}` : ''}`;
}
