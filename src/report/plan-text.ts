// The plan of a move as a table: a line per object with the features that need a decision, and below each feature once, explained.

import { append, counted, greatest } from '../model/index.js';
import type { Style } from './style.js';
import { visibleData } from './visible.js';
import { cut, wrap } from './wrap.js';

interface Reason {
  readonly feature: string;
  readonly message: string;
}

interface Plan {
  readonly everywhere: readonly Reason[];
  readonly objects: readonly {
    readonly resource: string;
    readonly hosts: readonly string[];
    readonly verdict: string;
    readonly reasons: readonly Reason[];
    readonly step: number;
  }[];
}

const WIDEST = 120;
const NARROWEST = 40;
const VERDICTS = ['ready', 'needs a decision', 'cannot be moved'] as const;

/** No line is longer than `width`. */
export function renderPlan(plan: Plan, style: Style, width = 80): string {
  const { everywhere, objects } = visibleData(plan);
  const columns = Math.min(WIDEST, Math.max(NARROWEST, width));
  const color = (v: string) => (v === 'ready' ? style.green : v.startsWith('needs') ? style.yellow : style.red);
  const number = Math.max(4, String(objects.at(-1)?.step ?? 0).length + 2);
  const verdict = 18;
  const name = Math.min(
    greatest(
      objects.map((r) => r.resource.length),
      8,
    ) + 2,
    Math.max(12, columns - number - verdict),
  );
  const lines = [style.dim(`${'step'.padEnd(number)} ${'object'.padEnd(name)}verdict`)];
  let step = 0;
  for (const o of objects) {
    const first = o.step === step ? '' : String(o.step);
    step = o.step;
    const head = `${first.padStart(number)} ${cut(o.resource, name - 1).padEnd(name)}`;
    lines.push(head + color(o.verdict)(o.verdict));
    const indent = ' '.repeat(number + 3);
    if (o.hosts.length > 0) lines.push(style.dim(cut(`${indent}${o.hosts.join(', ')}`, columns)));
    const features = [...new Set(o.reasons.map((r) => r.feature))];
    if (features.length > 0)
      append(
        lines,
        wrap(features.join(', '), columns, indent).map((l) => color(o.verdict)(l)),
      );
  }
  const reasons = new Map<string, { message: string; objects: number }>();
  for (const o of objects)
    for (const feature of new Set(o.reasons.map((r) => r.feature))) {
      const known = reasons.get(feature);
      const message = known?.message ?? o.reasons.find((r) => r.feature === feature)!.message;
      reasons.set(feature, { message, objects: (known?.objects ?? 0) + 1 });
    }
  const tell = (feature: string, message: string, where: string) =>
    append(lines, [`  ${style.bold(feature)}${style.dim(where)}`, ...wrap(message, columns, '    ')]);
  if (reasons.size > 0) lines.push('', style.bold('What these mean (one example each):'));
  for (const [feature, { message, objects: n }] of [...reasons].sort(([, a], [, b]) => b.objects - a.objects))
    tell(feature, message, `  ${counted(n, 'object')}`);
  if (everywhere.length > 0) lines.push('', style.bold('Once for the whole gateway:'));
  for (const { feature, message } of everywhere) tell(feature, message, '');
  const count = (v: string) => objects.filter((o) => o.verdict === v).length;
  append(lines, [
    '',
    ...wrap(VERDICTS.map((v) => `${count(v)} ${count(v) === 1 ? v : v.replace('needs', 'need')}`).join(', '), columns),
  ]);
  return `${lines.join('\n')}\n`;
}
