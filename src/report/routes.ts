// The route table for people.

import type { MatchedOrigin, RouteRow, RouteTable } from '../model/index.js';
import { code, prose } from './markdown-text.js';
import { formatRequest, unknownText } from './result-text.js';
import type { Style } from './style.js';
import { visibleData } from './visible.js';

type Gateway = RouteTable['gateways'][number];
type Chain = Gateway['listeners'][number]['chains'][number];

/** `port 443 HTTPS for shop.example.com → …`. */
const chainTitle = (port: number, chain: Chain): string => {
  const names = chain.sni ? ` for ${chain.sni.join(', ')}` : '';
  return `port ${port} ${protocolOf(chain)}${names}${chain.action ? ` → ${chain.action}` : ''}`;
};

function protocolOf({ kind, tls }: Chain): string {
  if (kind === 'http') return tls ? 'HTTPS' : 'HTTP';
  if (kind === 'tls') return 'TLS passthrough';
  return tls ? 'TLS' : 'TCP';
}

const place = (m: MatchedOrigin): string => `${m.file}:${m.line}`;
const conditions = (row: RouteRow): string => row.match.join(', ') || 'anything';

function reachText(row: RouteRow): string {
  if (row.reach === 'reached') {
    const headers = Object.entries(row.request?.headers ?? {}).map(([k, v]) => ` -H '${k}: ${[v].flat().join(', ')}'`);
    return row.request ? `${formatRequest(row.request)}${headers.join('')}` : '';
  }
  const covering = row.coveredBy?.slice(0, 3).map((m) => `${m.resource} ${m.path}`) ?? [];
  const more = (row.coveredBy?.length ?? 0) > 3 ? `, … (${row.coveredBy!.length})` : '';
  return `${row.reach}: ${row.reason ?? ''}${covering.length > 0 ? `: ${covering.join(', ')}${more}` : ''}`;
}

export function routesText(found: RouteTable, style: Style): string {
  const { gateways } = visibleData(found);
  return gateways.flatMap((gateway) => [...gatewayLines(gateway, style), '']).join('\n');
}

function gatewayLines({ id, dialect, unknown = [], listeners, leftOut = [] }: Gateway, style: Style): string[] {
  return [
    style.bold(id) + style.dim(`  ${dialect}`),
    ...unknown.map((u) => `  ${style.yellow('?')} ${unknownText(u)}`),
    ...(listeners.length === 0 ? [style.dim('  listens on no port')] : []),
    ...listeners.flatMap(({ port, chains }) => chains.flatMap((chain) => chainLines(port, chain, style))),
    ...(leftOut.length > 0 ? ['  matches that never apply at this gateway'] : []),
    ...leftOut.flatMap(({ hosts, match, reason, origin }) => [
      `    ${style.red('✗')} ${hosts.join(', ')}: ${match.join(', ') || 'anything'}  ${style.dim(place(origin))}`,
      style.dim(`        ${reason}`),
    ]),
  ];
}

function chainLines(port: number, chain: Chain, style: Style): string[] {
  const hostLines = ({ hosts, routes }: Chain['virtualHosts'][number]) => [
    `    ${style.cyan(hosts.join(', '))}`,
    ...(routes.length === 0 ? [style.dim('      no route')] : routes.flatMap((row) => rowLines(row, style))),
  ];
  return [`  ${chainTitle(port, chain)}`, ...chain.virtualHosts.flatMap(hostLines)];
}

function rowLines(row: RouteRow, style: Style): string[] {
  return [
    `      ${reachMark(row, style)} ${conditions(row)} → ${row.action}  ${style.dim(place(row.origin))}`,
    style.dim(`          ${reachText(row)}`),
    ...(row.unknown ?? []).map((u) => `          ${style.yellow('?')} ${unknownText(u)}`),
  ];
}

function reachMark({ reach }: RouteRow, style: Style): string {
  if (reach === 'reached') return style.green('✓');
  return reach === 'unreachable' ? style.red('✗') : style.yellow('?');
}

function markdownCells(hosts: readonly string[], row: RouteRow): string[] {
  const { index, origin, action, reach, unknown = [] } = row;
  const shown = reach === 'reached' && row.request ? code(reachText(row)) : prose(reachText(row));
  return [
    prose(hosts.join(', ')),
    String(index),
    prose(conditions(row)),
    prose(action),
    [shown, ...unknown.map((u) => prose(unknownText(u)))].join('; '),
    prose(`${origin.resource} ${origin.path} (${place(origin)})`),
  ];
}

export function routesMarkdown(found: RouteTable): string {
  return visibleData(found).gateways.flatMap(gatewayMarkdown).join('\n');
}

function gatewayMarkdown({ id, unknown, listeners, leftOut }: Gateway): string[] {
  return [
    `## ${code(id)}`,
    '',
    ...(unknown ? [...unknown.map((u) => `- ${prose(unknownText(u))}`), ''] : []),
    ...listeners.flatMap(({ port, chains }) => chains.flatMap((chain) => chainMarkdown(port, chain))),
    ...(leftOut ? leftOutMarkdown(leftOut) : []),
  ];
}

const leftOutMarkdown = (rows: NonNullable<Gateway['leftOut']>): string[] => [
  '### Matches that never apply at this gateway',
  '',
  '| host | match | why | rule |',
  '|---|---|---|---|',
  ...rows.map(
    ({ hosts, match, reason, origin }) =>
      `| ${[hosts.join(', '), match.join(', ') || 'anything', reason, `${origin.resource} ${origin.path} (${place(origin)})`].map(prose).join(' | ')} |`,
  ),
  '',
];

function chainMarkdown(port: number, chain: Chain): string[] {
  const head = ['| host | # | match | action | reached by | rule |', '|---|---|---|---|---|---|'];
  return [
    `### ${prose(chainTitle(port, chain))}`,
    '',
    ...(chain.virtualHosts.length > 0 ? head : []),
    ...chain.virtualHosts.flatMap(({ hosts, routes }) =>
      routes.map((row) => `| ${markdownCells(hosts, row).join(' | ')} |`),
    ),
    '',
  ];
}
