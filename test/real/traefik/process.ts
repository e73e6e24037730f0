// A Traefik with the objects of one file, ready when its own API says that the configuration is loaded and stands still.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { CannotRunError } from '../../../src/diagnostics/index.js';
import { goProgram } from '../go-program.js';

export interface RunningTraefik {
  /** Where its entry points listen. */
  readonly address: string;
  readonly ports: ReadonlySet<number>;
  /** `/api/rawdata`: routers, services and middlewares with their status. */
  readonly rawData: Readonly<Record<string, unknown>>;
  close(): void;
}

/** What the Helm chart sets: the static configuration of most recordings. */
export const HELM_STATIC = `
entryPoints:
  web: { address: ":80", asDefault: true }
  websecure: { address: ":443", asDefault: true, http: { tls: {} } }
  tcpep: { address: ":9000" }
  tlsep: { address: ":9443" }
  internal: { address: ":8081" }
providers:
  kubernetesIngress: { allowEmptyServices: true }
  kubernetesCRD: { allowEmptyServices: true }
`;

/** No entry point of the recordings has it. */
const API_PORT = 18_089;

/** Runs beside each other, and processes of one run, have addresses of their own. */
const addressOf = (place: number): string => `127.${100 + (process.pid % 150)}.${place}.1`;

type Static = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** @param place 0 to 255: which of the processes that run at the same time. @throws CannotRunError without Go, or where Traefik refuses the static configuration, with its words. */
export async function startTraefik(kubeApi: string, staticYaml: string, place = 0): Promise<RunningTraefik> {
  const address = addressOf(place);
  const binary = goProgram('traefik', 'github.com/traefik/traefik/v3/cmd/traefik');
  const given = parse(staticYaml) as Static;
  // At the process's own address: a port that was free a moment ago may be somebody's when Traefik opens it.
  const api = `${address}:${API_PORT}`;
  const entryPoints = Object.entries(given.entryPoints ?? {}) as [string, { address: string }][];
  const listening = entryPoints.map(([name, e]) => [name, { ...e, address: e.address.replace(/^:/, `${address}:`) }]);
  const providers = Object.entries(given.providers ?? {}).map(([name, p]) => [name, { ...p, endpoint: kubeApi }]);
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-traefik-'));
  const file = join(folder, 'traefik.yaml');
  writeFileSync(
    file,
    stringify({
      ...given,
      global: { checkNewVersion: false, sendAnonymousUsage: false },
      log: { level: 'ERROR' },
      api: { insecure: true },
      entryPoints: { ...Object.fromEntries(listening), traefik: { address: api } },
      providers: { providersThrottleDuration: '100ms', ...Object.fromEntries(providers) },
    }),
  );
  const child = spawn(binary, [`--configFile=${file}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000);
    });
  const close = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const rawData = await loaded(child, `http://${api}/api/rawdata`, () => log);
    const ports = new Set(entryPoints.map(([, e]) => Number(e.address.split(':').at(-1))));
    return { address, ports, rawData, close };
  } catch (e) {
    close();
    throw e;
  }
}

/** The providers report one after the other: loaded is a configuration that has not changed for two seconds. */
async function loaded(child: ChildProcess, url: string, log: () => string): Promise<Readonly<Record<string, unknown>>> {
  const wait = () => new Promise((resolve) => setTimeout(resolve, 100));
  let last = '';
  for (let i = 0, same = 0; i < 300; i++, await wait()) {
    if (child.exitCode !== null) throw new CannotRunError(`Traefik ended (${child.exitCode})`, log().trim());
    const text = await fetch(url).then(
      (r) => (r.ok ? r.text() : ''),
      () => '',
    );
    same = text === last ? same + 1 : 0;
    last = text;
    if (same >= 20 && text !== '') return JSON.parse(text) as Readonly<Record<string, unknown>>;
  }
  throw new CannotRunError('Traefik was not ready after 30 s', log().trim());
}
