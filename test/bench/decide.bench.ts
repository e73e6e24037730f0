// How many decisions one core makes in a second, how that grows with the routes of one host, and how real Envoy's end-to-end rate grows
// on the same tables in the same run (it scans; requests/s include its sockets, so only the growth compares).
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { write } from '../../src/dialects/envoy/write.js';
import { catalogOf } from '../../src/resources/catalog.js';
import { envoyBinary } from '../envoy/binary.js';
import { requestsFor, run, TABLE_SIZES, tableOf } from './decide.js';
import { record } from './results.js';

const row = (cells: readonly (string | number)[]) => cells.map((c) => String(c).padStart(14)).join('');

test('decisions per second', async () => {
  const measured = run();
  const ten = measured.find((m) => m.name === '10 routes')!.perSecond;
  const envoy = await envoyRates();
  console.log(row(['', 'decisions/s', 'cost vs 10', 'Envoy req/s', 'cost vs 10']));
  for (const m of measured) {
    const size = Number(/^\d+/.exec(m.name)?.[0]);
    const rate = envoy?.get(size);
    console.log(
      row([
        m.name,
        m.perSecond,
        m.name === 'article' ? '' : `${(ten / m.perSecond).toFixed(1)}x`,
        rate ?? '',
        rate ? `${(envoy!.get(10)! / rate).toFixed(1)}x` : '',
      ]),
    );
  }
  record(
    'decide',
    measured.map(({ name, perSecond }) => {
      const rate = envoy?.get(Number(/^\d+/.exec(name)?.[0]));
      return { name, perSecond, ...(rate ? { envoy: rate } : {}) };
    }),
  );
  if (!envoy) console.log('Envoy was not measured: it could not be installed here.');
  expect(measured.every((m) => m.perSecond > 0)).toBe(true);
});

/** End-to-end requests per second of one Envoy worker over the same tables, answered by direct responses; undefined without Envoy. */
async function envoyRates(): Promise<Map<number, number> | undefined> {
  const binary = await envoyBinary();
  if (!binary) return undefined;
  const rates = new Map<number, number>();
  for (const [i, size] of TABLE_SIZES.entries()) {
    const port = 19_080 + i;
    const table = tableOf(size);
    const direct = structuredClone(table) as unknown as {
      listeners: { port: number; filterChains: { virtualHosts: { routes: { action: unknown }[] }[] }[] }[];
    };
    direct.listeners[0]!.port = port;
    for (const r of direct.listeners[0]!.filterChains[0]!.virtualHosts[0]!.routes)
      r.action = { kind: 'direct-response', status: 200 };
    const bootstrap = write([direct as never], catalogOf([]), {}).objects[0] as {
      admin: { address: { socket_address: { port_value: number } } };
      static_resources: { listeners: { address: { socket_address: { address: string } } }[] };
    };
    bootstrap.admin.address.socket_address.port_value = 0;
    bootstrap.static_resources.listeners[0]!.address.socket_address.address = '127.0.0.1';
    const file = join(mkdtempSync(join(tmpdir(), 'meshgw-bench-')), 'envoy.json');
    writeFileSync(file, JSON.stringify(bootstrap));
    const child = spawn(binary, ['-c', file, '--concurrency', '1', '--use-dynamic-base-id', '-l', 'error'], {
      stdio: 'ignore',
    });
    try {
      await until(port);
      await rateOf(port, size); // warm-up: connections and both programs
      rates.set(size, await rateOf(port, size));
    } finally {
      child.kill('SIGKILL');
    }
  }
  return rates;
}

async function until(port: number): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (
      await get(port, '/', undefined).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Envoy does not answer');
}

const get = (port: number, path: string, agent: Agent | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, ...(agent ? { agent } : {}), headers: { host: 'a.example.com' } }, (r) =>
      r.resume().on('end', resolve),
    )
      .on('error', reject)
      .end();
  });

/** 32 connections for two seconds. */
async function rateOf(port: number, size: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const requests = requestsFor(size);
  const end = performance.now() + 2000;
  let done = 0;
  await Promise.all(
    Array.from({ length: 32 }, async (_, w) => {
      for (let i = w; performance.now() < end; i += 32) {
        await get(port, requests[i % requests.length]!.path, agent);
        done++;
      }
    }),
  );
  agent.destroy();
  return Math.round(done / 2);
}
