// `simulate --check` for CI systems: JUnit XML, and annotations of GitHub on the rules that answered.

import type { GatewayRequest, SimulationResult } from '../model/index.js';
import { data, property } from './github-text.js';
import { formatRequest } from './result-text.js';
import { xml } from './xml-text.js';

/** An exchange that was answered otherwise. */
export interface Failure {
  /** Among all exchanges, from 0. */
  readonly index: number;
  readonly name?: string;
  readonly request: GatewayRequest;
  readonly differences: readonly { readonly field: string; readonly want: string; readonly got: string }[];
  readonly result: SimulationResult;
}

const titleOf = (index: number, { name, request }: { readonly name?: string; readonly request: GatewayRequest }) =>
  `${index + 1}. ${name === undefined ? '' : `${name}: `}${formatRequest(request)}`;

const lineOf = ({ field, want, got }: Failure['differences'][number]) => `${field}: want ${want}, got ${got}`;

/** One suite with a test for each exchange; one without an expected answer is skipped. */
export function checkJunit(
  cases: readonly { readonly name?: string; readonly request: GatewayRequest; readonly asserted: boolean }[],
  failures: readonly Failure[],
): string {
  const failed = new Map(failures.map((f) => [f.index, f]));
  const skipped = cases.filter((c) => !c.asserted).length;
  const counts = `tests="${cases.length}" failures="${failures.length}" skipped="${skipped}"`;
  const tests = cases.map((c, i) => {
    const open = `    <testcase classname="meshgw simulate" name="${xml(titleOf(i, c))}"`;
    const failure = failed.get(i);
    if (!failure) return c.asserted ? `${open}/>` : `${open}><skipped/></testcase>`;
    const [first] = failure.differences;
    const text = failure.differences.map(lineOf).join('\n');
    return `${open}>\n      <failure message="${xml(lineOf(first!))}">${xml(text)}</failure>\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="meshgw simulate" ${counts}>`,
    `  <testsuite name="exchanges" ${counts}>`,
    ...tests,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** An error for each exchange, at the rule that answered where there is one. */
export const checkGithub = (failures: readonly Failure[]): string =>
  failures
    .map((failure) => {
      const { matched } = failure.result;
      const at = matched ? `file=${property(matched.file)},line=${matched.line},` : '';
      const text = [titleOf(failure.index, failure), ...failure.differences.map(lineOf)].join('\n');
      return `::error ${at}title=${property('meshgw simulate')}::${data(text)}\n`;
    })
    .join('');
