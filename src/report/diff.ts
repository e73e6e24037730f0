// A semantic difference for people: grouped by the objects whose rules differ, so that ten lines say what changed.

import {
  append,
  type ConfigDiff,
  counted,
  type GatewayDifference,
  type MatchedOrigin,
  type SimulationResult,
} from '../model/index.js';
import { code, prose } from './markdown-text.js';
import { formatDestination, formatRequest } from './result-text.js';
import { type Style, statusColor } from './style.js';
import { visibleData } from './visible.js';

const MAX_GROUPS = 20;
const MAX_WITNESSES = 2;

export interface Group {
  readonly title: string;
  readonly differences: GatewayDifference[];
}

/** Differences of the same two objects (and the same kind of change) together, in order of appearance. */
export function groupsOf(diff: ConfigDiff): Group[] {
  const groups = new Map<string, Group>();
  for (const d of diff.differences) {
    const title = titleOf(d);
    const key = `${title} ${outcome(d.before)} ${outcome(d.after)}`;
    const known = groups.get(key);
    if (known) known.differences.push(d);
    else groups.set(key, { title, differences: [d] });
  }
  return [...groups.values()];
}

function titleOf({ because: { before, after }, before: b, after: a }: GatewayDifference): string {
  const name = (m: MatchedOrigin | null, r: SimulationResult) =>
    m?.resource ?? (r.connection ? `connection ${r.connection}` : 'no route');
  const [from, to] = [name(before, b), name(after, a)];
  return from === to ? from : `${from} → ${to}`;
}

/** The kind of answer, without what differs from request to request. */
const outcome = (r: SimulationResult): string =>
  r.connection ?? (r.destination ? `${r.status ?? r.l4} ${formatDestination(r.destination)}` : `${r.status}`);

/** One line: what the client gets, and what the destination gets where that is not what the client sent. */
function answerLine(result: SimulationResult, style: Style): string {
  if (result.connection) return style.red(`connection ${result.connection}`);
  const status = result.l4 ? `${result.l4} bytes` : statusColor(style, result.status ?? 0);
  const parts = [result.destination ? `${status} → ${formatDestination(result.destination)}` : status];
  if (result.split && result.split.length > 1)
    parts.push(
      result.split.map((s) => `${Math.round(s.weight)} % ${'host' in s ? formatDestination(s) : s.status}`).join(' / '),
    );
  if (result.upstream) parts.push(`${result.upstream.method} ${result.upstream.path} host ${result.upstream.host}`);
  for (const [name, value] of Object.entries(result.upstream?.set ?? {}))
    parts.push(`${name}: ${[value].flat().join(', ')}`);
  if (result.upstream?.removed?.length) parts.push(`without ${result.upstream.removed.join(', ')}`);
  for (const [name, value] of Object.entries(result.headers ?? {})) parts.push(`${name}: ${value}`);
  if (result.mirrors?.length)
    parts.push(`mirror ${result.mirrors.map((m) => formatDestination(m.destination)).join(', ')}`);
  if (result.body) parts.push(`body ${JSON.stringify(result.body.slice(0, 40))}`);
  if (result.delayMs) parts.push(`delay ${result.delayMs} ms`);
  return parts.join('  ');
}

const place = (m: MatchedOrigin | null): string => (m ? `${m.file}:${m.line} ${m.path}` : '');

export function verdict(diff: ConfigDiff): string {
  const { differences, undecided, compared } = diff;
  if (diff.equivalent === true)
    return compared.gateways === 0
      ? 'equivalent: neither side defines a gateway'
      : 'equivalent: no request is answered differently';
  if (diff.equivalent === 'undecided')
    return `undecided: no difference found, but ${counted(undecided.length, 'part')} could not be proven equal`;
  const { before, after } = compared.rules;
  return `different: ${counted(differences.length, 'pair')} of rules with different answers (${counted(before, 'rule')} before, ${after} after)`;
}

export function comparedLine({ compared }: ConfigDiff): string {
  const { gateways, connections, virtualHosts, identical, paths, dimensions } = compared;
  const others = Object.entries(dimensions).map(([key, n]) => `${key} ${n}`);
  const classes = [`paths ${paths}`, ...others].join(', ');
  return `compared: ${counted(gateways, 'gateway')}, ${counted(connections, 'kind')} of connection, ${counted(virtualHosts, 'virtual host')} (${identical} identical), classes: ${classes}`;
}

export function diffText(found: ConfigDiff, style: Style): string {
  const diff = visibleData(found);
  const color = diff.equivalent === true ? style.green : diff.equivalent === false ? style.red : style.yellow;
  const lines = [color(verdict(diff)), style.dim(comparedLine(diff))];
  const groups = groupsOf(diff);
  for (const { title, differences } of groups.slice(0, MAX_GROUPS)) {
    const count = differences.length > 1 ? style.dim(`  ${counted(differences.length, 'pair')} of rules`) : '';
    lines.push('', `${style.bold(title)}${count}`);
    for (const d of differences.slice(0, MAX_WITNESSES)) {
      lines.push(`  ${style.cyan(formatRequest(d.request))}${requestHeaders(d)}`);
      if (d.family) lines.push(style.dim(`    ${familyLine(d.family)}`));
      lines.push(`    before  ${answerLine(d.before, style)}  ${style.dim(place(d.because.before))}`.trimEnd());
      lines.push(`    after   ${answerLine(d.after, style)}  ${style.dim(place(d.because.after))}`.trimEnd());
    }
    if (differences.length > MAX_WITNESSES)
      lines.push(style.dim(`  … and ${differences.length - MAX_WITNESSES} more (-o json shows all)`));
  }
  if (groups.length > MAX_GROUPS)
    lines.push('', style.dim(`… and ${counted(groups.length - MAX_GROUPS, 'more group')} (-o json shows all)`));
  if (diff.undecided.length > 0) lines.push('', style.yellow('not decided'));
  for (const u of diff.undecided.slice(0, MAX_GROUPS))
    lines.push(`  ${u.request ? `${formatRequest(u.request)}: ` : ''}${u.reason}${style.dim(because(u.because))}`);
  if (diff.delivery.length > 0)
    lines.push(
      '',
      `${counted(diff.delivery.length, 'pair')} of rules with the same answers, but different timeouts, retries or protocol, e.g. ${formatRequest(diff.delivery[0]!.request)}`,
    );
  return `${lines.join('\n')}\n`;
}

export function familyLine({ when, unless }: NonNullable<GatewayDifference['family']>): string {
  const taken = unless.length > 0 ? `, unless ${unless.join(' or ')}` : '';
  return `every request ${when.length > 0 ? `with ${when.join(', ')}` : 'of these hosts'}${taken}`;
}

const because = (b: GatewayDifference['because'] | undefined): string =>
  b ? `  ${[place(b.before), place(b.after)].filter((p) => p !== '').join(' | ')}` : '';

/** A request with its headers, server name, client address and claims. */
export const requestText = (d: GatewayDifference): string => `${formatRequest(d.request)}${requestHeaders(d)}`;

function requestHeaders({ request, claims }: GatewayDifference): string {
  const headers = Object.entries(request.headers ?? {}).map(([k, v]) => ` -H '${k}: ${[v].flat().join(', ')}'`);
  const sni = request.sni === undefined ? '' : ` (SNI ${request.sni ?? 'none'})`;
  const source = request.source === undefined ? '' : ` (from ${request.source})`;
  return `${headers.join('')}${sni}${source}${claims ? ` (token with ${JSON.stringify(claims)})` : ''}`;
}

/** For a comment on a pull request. */
export function diffMarkdown(found: ConfigDiff): string {
  const diff = visibleData(found);
  const plain = noColor;
  const icon = diff.equivalent === true ? '✅' : diff.equivalent === false ? '❌' : '⚠️';
  const lines = [`### ${icon} meshgw diff`, '', sentence(verdict(diff))];
  const groups = groupsOf(diff);
  if (groups.length > 0) lines.push('', '| rules | request | before | after |', '|---|---|---|---|');
  for (const { title, differences } of groups.slice(0, MAX_GROUPS)) {
    const [first] = differences;
    const more = differences.length > 1 ? ` (+${differences.length - 1})` : '';
    lines.push(
      `| ${prose(title)}${more} | ${code(requestText(first!))} | ${prose(answerLine(first!.before, plain))} | ${prose(answerLine(first!.after, plain))} |`,
    );
  }
  if (groups.length > MAX_GROUPS) lines.push('', `… and ${counted(groups.length - MAX_GROUPS, 'more group')}.`);
  if (diff.undecided.length > 0)
    append(lines, [
      '',
      '**Not decided**',
      '',
      ...diff.undecided.slice(0, MAX_GROUPS).map((u) => `- ${prose(u.reason)}`),
    ]);
  lines.push('', `<sub>${prose(comparedLine(diff))}</sub>`);
  return `${lines.join('\n')}\n`;
}

const noColor = new Proxy((text: string) => text, { get: () => noColor }) as unknown as Style;
export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
/** GitHub workflow commands: one annotation per pair of rules, at the rule of the new side. */
export function diffGithub(found: ConfigDiff): string {
  const diff = visibleData(found);
  const lines = diff.differences.map((d) => {
    const at = d.because.after ?? d.because.before;
    const where = at
      ? ` file=${property(workingFile(at.file))},line=${at.line}${at.column ? `,col=${at.column}` : ''},`
      : ' ';
    const text = `${requestText(d)}: before ${answerLine(d.before, noColor)}; after ${answerLine(d.after, noColor)}`;
    return `::warning${where}title=meshgw diff::${message(text)}`;
  });
  for (const u of diff.undecided) lines.push(`::notice title=meshgw diff::${message(`not decided: ${u.reason}`)}`);
  lines.push(`::${diff.equivalent === true ? 'notice' : 'error'} title=meshgw diff::${message(verdict(diff))}`);
  return `${lines.join('\n')}\n`;
}

/** An annotation needs a path of the working tree: `HEAD~1:config/a.yaml` is `config/a.yaml` there. */
const workingFile = (file: string): string => file.replace(/^[^/:]+:(?!\\)/, '');

const message = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
