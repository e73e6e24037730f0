// The suite as a process: its flags, what it prints, its report.
import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { load } from 'js-yaml';

export interface SuiteOptions {
  readonly binary: string;
  readonly kubeconfig: string;
  readonly className: string;
  readonly profiles: readonly string[];
  readonly features: readonly string[];
  /** Tests; absent: all. */
  readonly only?: readonly string[];
  readonly version: string;
  /** For Gateways that ask for one. */
  readonly addresses: { readonly usable: string; readonly unusable: string };
  /** Files that are written. */
  readonly report: string;
  readonly log: string;
  /** Answers in place of sockets. */
  readonly simulate?: string;
}

export interface TestResult {
  readonly name: string;
  readonly result: 'PASS' | 'FAIL' | 'SKIP';
}

/** As much of a ConformanceReport as is printed. */
export interface Report {
  readonly gatewayAPIVersion: string;
  readonly gatewayAPIChannel: string;
  readonly profiles: readonly {
    readonly name: string;
    readonly core?: Level;
    readonly extended?: Level & {
      readonly supportedFeatures?: readonly string[];
      readonly unsupportedFeatures?: readonly string[];
    };
  }[];
}

interface Level {
  readonly result: string;
  readonly statistics: { readonly Passed: number; readonly Failed: number; readonly Skipped: number };
  readonly failedTests?: readonly string[];
  readonly skippedTests?: readonly string[];
}

/** Tests that wait run side by side: each has gateways, and with sockets each gateway is a process that reads every change. */
const PARALLEL = { simulate: 6, sockets: 2 };
/** Seconds that a status or an answer may take: no longer than the suite's own, so that a test that fails does so soon. */
const WAITS = {
  GatewayMustHaveAddress: 40,
  GatewayMustHaveCondition: 40,
  GatewayStatusMustHaveListeners: 40,
  GatewayListenersMustHaveConditions: 40,
  ListenerSetMustHaveCondition: 40,
  ListenerSetListenersMustHaveConditions: 40,
  GWCMustBeAccepted: 40,
  HTTPRouteMustNotHaveParents: 40,
  HTTPRouteMustHaveCondition: 40,
  TLSRouteMustHaveCondition: 40,
  TCPRouteMustHaveCondition: 40,
  RouteMustHaveParents: 40,
  LatestObservedGenerationSet: 40,
  // Gateways of other tests that are not accepted have to be gone.
  NamespacesMustBeReady: 300,
  MaxTimeToConsistency: 30,
};

/** `finished` is called for each test as it ends. */
export async function runSuite(options: SuiteOptions, finished: (result: TestResult) => void): Promise<TestResult[]> {
  const flags = {
    'gateway-class': options.className,
    'conformance-profiles': options.profiles.join(','),
    'supported-features': options.features.join(','),
    'report-output': options.report,
    'usable-address': options.addresses.usable,
    'unusable-address': options.addresses.unusable,
    'timeout-config-overrides': Object.entries({
      ...WAITS,
      RequiredConsecutiveSuccesses: options.simulate ? 1 : 3,
    })
      .map(([name, seconds]) => `${name}:${seconds}`)
      .join(';'),
    organization: 'meshgw',
    project: 'meshgw',
    url: 'https://meshgw.example',
    version: options.version,
    contact: 'https://meshgw.example/contact',
    'test.v': 'true',
    'test.parallel': String(options.simulate ? PARALLEL.simulate : PARALLEL.sockets),
    'test.timeout': '20m',
  };
  const child = spawn(
    options.binary,
    ['run', ...Object.entries(flags).flatMap(([name, value]) => (value === '' ? [] : [`-${name}=${value}`]))],
    {
      env: {
        ...process.env,
        KUBECONFIG: options.kubeconfig,
        SIMULATE: options.simulate ?? '',
        RUN: options.only?.join(',') ?? '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  const log = createWriteStream(options.log);
  child.stderr.pipe(log, { end: false });
  const results: TestResult[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    log.write(`${line}\n`);
    const [, result, name = ''] = /^RESULT (PASS|FAIL|SKIP) (\w+)$/.exec(line) ?? [];
    if (result === undefined) return;
    const test = { name, result: result as TestResult['result'] };
    results.push(test);
    finished(test);
  });
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
  return results;
}

export const readReport = (file: string): Report => load(readFileSync(file, 'utf8')) as Report;
