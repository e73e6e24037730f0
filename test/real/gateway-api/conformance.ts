// The suite against meshgw: a cluster of our own, statuses by `meshgw status`, traffic through `meshgw serve`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import manifest from '../../../package.json' with { type: 'json' };
import { CannotRunError } from '../../../src/diagnostics/index.js';
import { goModule, goProgram } from '../go-program.js';
import { startApiServer } from './api-server.js';
import { startController } from './controller.js';
import { type DataPlane, startDataPlane } from './data-plane.js';
import { NOT_CLAIMED, PROFILES } from './features.js';
import { kindsOf, readCrds } from './kinds.js';
import { startPods } from './pods.js';
import { startServices } from './services.js';
import { type Cluster, simulatedAnswers } from './simulated.js';
import { type SimulatedBytes, startSimulatedBytes } from './simulated-bytes.js';
import { createStore, type Fields, type KubeObject } from './store.js';
import { type Report, readReport, runSuite, type TestResult } from './suite.js';

export interface ConformanceTest {
  readonly name: string;
  readonly features: readonly string[];
}

const CLASS = 'meshgw';
const CONTROLLER = 'meshgw.example/gateway-controller';
const FOLDER = '.cache/real/gateway-api/run';
/** What this cluster can give to Gateways (`--gateway-addresses`); the highest are left to Gateways that ask for one. */
const ADDRESSES = '127.88.0.0/16';
const USABLE = '127.88.255.1';
/** Of a network for documentation (RFC 5737). */
const UNUSABLE = '192.0.2.1';

export const testsOfSuite = (): ConformanceTest[] =>
  JSON.parse(execFileSync(goProgram('gateway-api'), { encoding: 'utf8', maxBuffer: 1e8 })) as ConformanceTest[];

/** `[--simulate] [--run TEST,…]`. */
export async function conformance(args: readonly string[]): Promise<boolean> {
  const at = args.indexOf('--run');
  const only = at < 0 ? undefined : (args[at + 1] ?? '').split(',');
  const simulate = args.includes('--simulate');
  const tests = testsOfSuite();
  const unknown = only?.find((name) => !tests.some((t) => t.name === name));
  if (unknown !== undefined)
    throw new CannotRunError(`no such test: ${unknown}`, 'npm run real -- gateway-api tests lists them');
  const echo = simulate ? undefined : goProgram('gateway-api', 'sigs.k8s.io/gateway-api/conformance/echo-basic');
  if (!simulate) execFileSync(process.execPath, ['scripts/bundle.mjs'], { stdio: 'inherit' });
  rmSync(FOLDER, { recursive: true, force: true });
  const folder = (name: string) => {
    mkdirSync(join(FOLDER, name), { recursive: true });
    return resolve(FOLDER, name);
  };

  const crds = readCrds('experimental');
  const store = createStore(kindsOf(crds));
  const pods = startPods(store, { ...(echo === undefined ? {} : { echo }), folder: folder('volumes') });
  const services = startServices(store, pods, !simulate);
  const config = folder('config');
  const suiteObjects = manifestsOfSuite();
  const dataPlane: DataPlane | undefined = simulate
    ? undefined
    : startDataPlane({
        folder: config,
        logs: folder('logs'),
        lowPorts: lowPorts(suiteObjects),
        upstreams: suiteObjects
          .filter((o) => o.kind === 'Service')
          .flatMap(({ metadata: { namespace = '', name }, spec }) =>
            (spec.ports as Fields[]).map(
              ({ port }) => `${name}.${namespace}:${port}=auto://${services.addressOf(namespace, name)}:${port}`,
            ),
          ),
      });
  const addresses = new Map<string, string>();
  const idOf = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`;
  const addressOf = (gateway: KubeObject): string => {
    const n = addresses.size + 1;
    const address = addresses.get(idOf(gateway)) ?? `127.88.${n >> 8}.${n & 255}`;
    addresses.set(idOf(gateway), address);
    return address;
  };
  let bytes: SimulatedBytes | undefined;
  const controller = startController(store, {
    folder: config,
    className: CLASS,
    addressOf,
    addresses: ADDRESSES,
    serve: (gateways) => (dataPlane ?? bytes)?.update(gateways),
  });
  const cluster: Cluster = {
    store,
    services,
    pods,
    gateways: controller.gateways,
    gatewayAt(address) {
      const found = store.list('Gateway').find((g) => g.status?.addresses?.some((a: Fields) => a.value === address));
      return found && idOf(found);
    },
  };
  if (simulate) bytes = startSimulatedBytes(cluster);
  const server = await startApiServer(store, {
    podLog: pods.log,
    harness: { simulate: simulatedAnswers(cluster) },
  });
  const crdKind = store.kinds.find((k) => k.kind === 'CustomResourceDefinition')!;
  for (const crd of crds) store.create(crdKind, crd as unknown as KubeObject);
  store.create(store.kinds.find((k) => k.kind === 'GatewayClass')!, {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: CLASS },
    spec: { controllerName: CONTROLLER },
  });

  // Also where the run is ended from outside: no process is left.
  const end = () => {
    dataPlane?.close();
    bytes?.close();
    pods.close();
  };
  process.once('exit', end);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(2));
  try {
    const report = resolve(FOLDER, 'report.yaml');
    const started = Date.now();
    const results = await runSuite(
      {
        binary: goProgram('gateway-api'),
        kubeconfig: writeKubeconfig(server.url),
        className: CLASS,
        profiles: PROFILES,
        features: claimedFeatures(tests),
        version: manifest.version,
        addresses: { usable: USABLE, unusable: UNUSABLE },
        report,
        log: resolve(FOLDER, 'suite.log'),
        ...(only === undefined ? {} : { only }),
        ...(simulate ? { simulate: `${server.url}/harness/simulate` } : {}),
      },
      ({ name, result }) => result !== 'SKIP' && console.log(`${result} ${name}`),
    );
    print(results, existsSync(report) ? readReport(report) : undefined);
    console.log(
      `${Math.round((Date.now() - started) / 1000)} s; log: ${FOLDER}/suite.log, report: ${FOLDER}/report.yaml`,
    );
    return results.length > 0 && results.every((r) => r.result !== 'FAIL');
  } finally {
    end();
    services.close();
    server.close();
  }
}

const claimedFeatures = (tests: readonly ConformanceTest[]): string[] =>
  [...new Set(tests.flatMap((t) => t.features))].filter((f) => !(f in NOT_CLAIMED) && !f.startsWith('Mesh'));

/** Every object of the suite's manifests: whose Services and ports may come. */
function manifestsOfSuite(): KubeObject[] {
  const module = goModule('gateway-api', 'sigs.k8s.io/gateway-api/conformance');
  return ['base', 'tests'].flatMap((name) =>
    readdirSync(join(module, name))
      .filter((file) => file.endsWith('.yaml'))
      .flatMap((file) => loadAll(readFileSync(join(module, name, file), 'utf8')) as (KubeObject | null)[])
      .filter((object) => object !== null),
  );
}

const lowPorts = (objects: readonly KubeObject[]): number[] =>
  [...new Set(objects.flatMap((o) => (o.spec?.listeners ?? []) as Fields[]).map(({ port }) => Number(port)))].filter(
    (port) => port < 1024,
  );

function writeKubeconfig(server: string): string {
  const file = resolve(FOLDER, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    users: [{ name: 'u', user: {} }],
    'current-context': 'c',
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

function print(results: readonly TestResult[], report: Report | undefined): void {
  const named = (result: TestResult['result']) => results.filter((r) => r.result === result).map((r) => r.name);
  console.log(`\nskipped: ${named('SKIP').sort().join(', ') || 'none'}`);
  console.log('not claimed:');
  for (const [feature, why] of Object.entries(NOT_CLAIMED)) console.log(`  ${feature}: ${why}`);
  for (const { name, core, extended } of report?.profiles ?? [])
    for (const [level, of] of [
      ['core', core],
      ['extended', extended],
    ] as const) {
      if (of === undefined) continue;
      const { Passed = 0, Failed = 0, Skipped = 0 } = of.statistics;
      console.log(`${name} ${level}: ${of.result}, ${Passed} passed, ${Failed} failed, ${Skipped} skipped`);
      if (of.failedTests?.length) console.log(`  failed: ${of.failedTests.join(', ')}`);
    }
  console.log(`\n${named('PASS').length} passed, ${named('FAIL').length} failed, ${named('SKIP').length} skipped`);
  console.log(`failed: ${named('FAIL').sort().join(', ') || 'none'}`);
}
