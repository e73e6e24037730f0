// What --verify found, for people.

import { counted, type GatewayRequest, type SimulationResult } from '../model/index.js';
import { formatDestination, formatRequest } from './result-text.js';
import type { Style } from './style.js';
import { visibleData } from './visible.js';

interface Verified {
  readonly equivalent: boolean | 'undecided';
  readonly differences: readonly {
    readonly request: GatewayRequest;
    readonly before: SimulationResult;
    readonly after: SimulationResult;
    readonly announcedBy: readonly string[];
  }[];
  readonly undecided: readonly { readonly reason: string }[];
  readonly unannounced: number;
}

const LISTED = 10;

const answer = (r: SimulationResult): string => {
  if (r.connection) return `connection ${r.connection}`;
  const to = r.destination ? formatDestination(r.destination) : (r.headers?.location ?? '');
  return `${r.l4 ?? r.status}${to ? ` → ${to}` : ''}${r.upstream ? ` as ${r.upstream.method} ${r.upstream.path}` : ''}`;
};

/** `decided`: features whose differences somebody has accepted; they are counted, not listed. */
export function renderVerification(found: Verified, style: Style, decided: ReadonlySet<string> = new Set()): string {
  const verified = visibleData(found);
  if (verified.equivalent === true)
    return `\n${style.green('✓ verified')}: input and output answer every request the same\n`;
  const lines = [''];
  const silent = verified.differences.filter((d) => d.announcedBy.length === 0);
  const announced = verified.differences.length - silent.length;
  for (const d of silent.slice(0, LISTED))
    lines.push(
      `${style.red('✗ unannounced difference')} ${formatRequest(d.request)}`,
      `    before  ${answer(d.before)}`,
      `    after   ${answer(d.after)}`,
    );
  if (silent.length > LISTED) lines.push(`  … and ${silent.length - LISTED} more`);
  const news = verified.differences.filter((d) => d.announcedBy.some((feature) => !decided.has(feature)));
  for (const d of news.slice(0, LISTED))
    lines.push(
      `${style.yellow('~ announced')} (${d.announcedBy.join(', ')}) ${formatRequest(d.request)}`,
      `    before  ${answer(d.before)}`,
      `    after   ${answer(d.after)}`,
    );
  for (const u of verified.undecided.slice(0, LISTED)) lines.push(`${style.yellow('? undecided')} ${u.reason}`);
  lines.push(
    `${counted(announced, 'announced difference')}, ${silent.length} unannounced, ${verified.undecided.length} undecided`,
  );
  return `${lines.join('\n')}\n`;
}
