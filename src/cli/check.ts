// `simulate --check`: every exchange of a file against the simulated answer; a table of what differs, exit 1.

import type { LoadedConfig } from '../api/load.js';
import type { Simulated, Simulator } from '../api/simulator.js';
import { CannotRunError, EXIT } from '../diagnostics/index.js';
import type { Failure } from '../report/check-ci.js';
import { checkResult, type Difference, type RequestCase, type RequestFile } from '../requests/index.js';
import { type Io, wantsColor } from './io.js';

interface CheckFlags {
  readonly strict?: boolean;
  readonly output: 'text' | 'json' | 'junit' | 'github';
  readonly coverage?: boolean;
  readonly failUnder?: number;
  readonly color?: boolean;
}

export async function checkExchanges(
  _config: LoadedConfig,
  simulator: Simulator,
  { requests: cases, format }: RequestFile,
  flags: CheckFlags,
  io: Io,
): Promise<number> {
  if (cases.length === 0) throw new CannotRunError('nothing to check: the file has no exchange');
  if (!cases.some((c) => c.expected))
    throw new CannotRunError(
      'nothing to check: no request of the file has an expected response',
      'add a response to each, or use --requests',
    );
  const simulated = await Promise.all(cases.map((c) => simulator.simulate(c.request, drawOf(c))));
  const failures = cases.flatMap((c, index) => {
    const differences = differencesOf(c, simulated[index]!, flags.strict ?? false);
    if (differences.length === 0) return [];
    const { name, request } = c;
    return [{ index, ...(name === undefined ? {} : { name }), request, differences, result: simulated[index]!.result }];
  });
  const asserted = cases.filter((c) => c.expected).length;
  const wantsCoverage = flags.coverage || flags.failUnder !== undefined;
  const { coverageOf, coverageCode, reportCoverage, toolCoverage } = await import('./coverage.js');
  const requests = cases.map((c) => c.request);
  const coverage = wantsCoverage ? coverageOf(requests, simulated, simulator) : undefined;
  const code = failures.length > 0 ? EXIT.findings : EXIT.ok;
  if (flags.output === 'json') {
    const summary = {
      version: 1,
      checked: asserted,
      failed: failures.length,
      failures,
      ...(coverage ? { coverage } : {}),
    };
    io.stdout.write((await import('../report/json.js')).reportJson(summary));
    return Math.max(code, coverage ? coverageCode(coverage, flags) : EXIT.ok);
  }
  if (flags.output === 'junit' || flags.output === 'github') {
    await printForCi(cases, failures, flags.output, io);
    return coverage ? Math.max(code, await reportCoverage(coverage, flags, io)) : code;
  }
  const [{ renderFailures }, { styleFor }] = await Promise.all([
    import('../report/check-text.js'),
    import('../report/style.js'),
  ]);
  io.stdout.write(renderFailures(failures, asserted, styleFor(wantsColor(io, io.stdout, flags.color))));
  if (format === 'router-check') {
    const failed = new Map(failures.map((f) => [f.index, f.differences]));
    const confirmed = simulated.filter((_, i) => confirms(cases[i]!, failed.get(i) ?? []));
    const percent = toolCoverage(
      requests.map((request) => simulator.gatewayOf(request)),
      confirmed,
    );
    io.stdout.write(`Current route coverage: ${Number(percent.toPrecision(6))}%\n`);
  }
  return coverage ? Math.max(code, await reportCoverage(coverage, flags, io)) : code;
}

async function printForCi(
  cases: readonly RequestCase[],
  failures: readonly Failure[],
  output: 'junit' | 'github',
  io: Io,
): Promise<void> {
  const report = await import('../report/check-ci.js');
  if (output === 'github') io.stdout.write(report.checkGithub(failures), 'ci-commands');
  else
    io.stdout.write(
      report.checkJunit(
        cases.map((c) => ({ ...c, asserted: c.expected !== undefined })),
        failures,
      ),
    );
}

/** One of the things that a test asks for is as it says: router_check_tool then counts the route as covered. */
const confirms = ({ expected, route }: RequestCase, differences: readonly Difference[]): boolean =>
  differences.length === 0 ||
  [
    ...Object.keys(expected ?? {}),
    ...Object.keys(route ?? {}).map((key) => (key === 'timeoutMs' ? 'timeout' : 'virtual host')),
  ].some((key) => !differences.some(({ field }) => field.split('.')[0] === key));

const drawOf = ({ random }: RequestCase) => (random === undefined ? undefined : (max: number) => random % max);

/** Of a route that forwards: others have neither for router_check_tool. */
function routeDiffers({ route: want }: RequestCase, decision: Simulated['decision']): Difference[] {
  const route = 'route' in decision ? decision.route : undefined;
  const forward = route?.action.kind === 'forward' ? route.action : undefined;
  const name = (forward && 'virtualHost' in decision && decision.virtualHost?.name) || '';
  const timeoutMs = forward?.delivery?.timeoutMs ?? 0;
  return [
    ...(want?.virtualHost === undefined || want.virtualHost === name
      ? []
      : [{ field: 'virtual host', want: want.virtualHost || 'none', got: name || 'none' }]),
    ...(want?.timeoutMs === undefined || want.timeoutMs === timeoutMs
      ? []
      : [{ field: 'timeout', want: `${want.timeoutMs} ms`, got: `${timeoutMs} ms` }]),
  ];
}

/** What differs; of a case that must not match, that it does. */
function differencesOf(c: RequestCase, { result, decision }: Simulated, strict: boolean): readonly Difference[] {
  if (!c.expected) return [];
  const differences = [...checkResult(c.request, c.expected, result, { strict }), ...routeDiffers(c, decision)];
  if (!c.negate) return differences;
  return differences.length > 0 ? [] : [{ field: 'answer', want: 'a different one than expected', got: 'the same' }];
}
