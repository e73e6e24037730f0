// The plan of a move as a table.

import type { Style } from './style.js';

interface Row {
  readonly resource: string;
  readonly hosts: readonly string[];
  readonly verdict: string;
  readonly reasons: readonly string[];
}

export function renderPlan(rows: readonly Row[], style: Style): string {
  const width = Math.max(8, ...rows.map((r) => r.resource.length));
  const color = (v: string) =>
    v === 'ready' ? style.green(v) : v.startsWith('needs') ? style.yellow(v) : style.red(v);
  const lines = rows.flatMap((r, i) => [
    `${String(i + 1).padStart(3)}  ${r.resource.padEnd(width)}  ${color(r.verdict)}${r.hosts.length ? style.dim(`  ${r.hosts.join(', ')}`) : ''}`,
    ...r.reasons.map((reason) => style.dim(`       - ${reason}`)),
  ]);
  const count = (v: string) => rows.filter((r) => r.verdict === v).length;
  return `${lines.join('\n')}\n\n${count('ready')} ready, ${count('needs a decision')} need a decision, ${count('cannot be moved')} cannot be moved\n`;
}
