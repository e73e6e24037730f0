// The route table for people.

import type { MatchedOrigin, RouteRow, RouteTable } from '../model/index.js';
import { code, prose } from './markdown-text.js';
import { formatRequest, unknownText } from './result-text.js';
import type { Style } from './style.js';
import { visibleData } from './visible.js';

type Chain = RouteTable['gateways'][number]['listeners'][number]['chains'][number];

const chainTitle = (port: number, chain: Chain): string => {
  const kind =
    chain.kind === 'http'
      ? chain.tls
        ? 'HTTPS'
        : 'HTTP'
      : chain.kind === 'tls'
        ? 'TLS passthrough'
        : chain.tls
          ? 'TLS'
          : 'TCP';
  return `port ${port} ${kind}${chain.sni ? ` for ${chain.sni.join(', ')}` : ''}`;
};

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
  const table = visibleData(found);
  const lines: string[] = [];
  for (const gateway of table.gateways) {
    lines.push(style.bold(`${gateway.id}`) + style.dim(`  ${gateway.dialect}`));
    for (const unknown of gateway.unknown ?? []) lines.push(`  ${style.yellow('?')} ${unknownText(unknown)}`);
    if (gateway.listeners.length === 0) lines.push(style.dim('  listens on no port'));
    for (const { port, chains } of gateway.listeners)
      for (const chain of chains) {
        lines.push(`  ${chainTitle(port, chain)}${chain.action ? ` → ${chain.action}` : ''}`);
        for (const { hosts, routes } of chain.virtualHosts) {
          lines.push(`    ${style.cyan(hosts.join(', '))}`);
          for (const row of routes) {
            const mark =
              row.reach === 'reached'
                ? style.green('✓')
                : row.reach === 'unreachable'
                  ? style.red('✗')
                  : style.yellow('?');
            lines.push(`      ${mark} ${conditions(row)} → ${row.action}  ${style.dim(place(row.origin))}`);
            lines.push(style.dim(`          ${reachText(row)}`));
            for (const unknown of row.unknown ?? [])
              lines.push(`          ${style.yellow('?')} ${unknownText(unknown)}`);
          }
          if (routes.length === 0) lines.push(style.dim('      no route'));
        }
      }
    lines.push('');
  }
  return lines.join('\n');
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
  const table = visibleData(found);
  const lines: string[] = [];
  for (const gateway of table.gateways) {
    lines.push(`## ${code(gateway.id)}`, '');
    for (const unknown of gateway.unknown ?? []) lines.push(`- ${prose(unknownText(unknown))}`);
    if (gateway.unknown) lines.push('');
    for (const { port, chains } of gateway.listeners)
      for (const chain of chains) {
        lines.push(`### ${prose(`${chainTitle(port, chain)}${chain.action ? ` → ${chain.action}` : ''}`)}`, '');
        if (chain.virtualHosts.length > 0)
          lines.push('| host | # | match | action | reached by | rule |', '|---|---|---|---|---|---|');
        for (const { hosts, routes } of chain.virtualHosts)
          for (const row of routes) lines.push(`| ${markdownCells(hosts, row).join(' | ')} |`);
        lines.push('');
      }
  }
  return `${lines.join('\n')}`;
}
