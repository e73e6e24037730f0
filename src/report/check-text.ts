// What `simulate --check` prints: a table of what differed, and which rules no request reached.

import { counted, type GatewayRequest, greatest, type MatchedOrigin } from '../model/index.js';
import { formatRequest } from './result-text.js';
import type { Style } from './style.js';
import { visibleData } from './visible.js';

export interface Failure {
  readonly index: number;
  readonly name?: string;
  readonly request: GatewayRequest;
  readonly differences: readonly { readonly field: string; readonly want: string; readonly got: string }[];
}

export function renderFailures(found: readonly Failure[], checked: number, style: Style): string {
  const failures = visibleData(found);
  const lines: string[] = [];
  for (const { index, name, request, differences } of failures) {
    const title = name === undefined ? formatRequest(request) : `${name}  ${style.dim(formatRequest(request))}`;
    lines.push(`${style.red('✗')} ${index + 1}. ${title}`);
    const [fields, wants] = [width(differences.map((d) => d.field)), width(differences.map((d) => d.want))];
    for (const { field, want, got } of differences)
      lines.push(`     ${field.padEnd(fields)}  want ${want.padEnd(wants)}  got ${style.red(got)}`);
  }
  const passed = checked - failures.length;
  lines.push(
    `${failures.length > 0 ? style.red(counted(failures.length, 'difference')) : style.green('all agree')}: ${passed} of ${checked} as expected`,
  );
  return `${lines.join('\n')}\n`;
}

const width = (texts: readonly string[]): number =>
  Math.min(
    60,
    greatest(
      texts.map((t) => t.length),
      0,
    ),
  );

export interface CoverageReport {
  readonly rules: number;
  readonly reached: number;
  readonly percent: number;
  readonly missed: readonly MatchedOrigin[];
}

export function renderCoverage(found: CoverageReport, wanted: number | undefined, style: Style): string {
  const report = visibleData(found);
  const { rules, reached, percent, missed } = report;
  const lines = missed.map(
    (m) => `  ${style.yellow('not reached')}  ${m.resource} ${m.path}  ${style.dim(`(${m.file}:${m.line})`)}`,
  );
  const short = wanted !== undefined && percent < wanted;
  const text = `coverage: ${reached} of ${counted(rules, 'rule')} (${Math.round(percent * 10) / 10} %)`;
  lines.push(short ? style.red(`${text}, less than ${wanted} %`) : text);
  return `${lines.join('\n')}\n`;
}
