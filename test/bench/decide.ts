// Decisions per second: the article's configuration, and one virtual host with 10 to 10,000 routes.
// Run by npm run bench; alone: npx vite-node is not needed, vitest runs it through test/bench/decide.test.ts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGateways } from '../../src/dialects/read.js';
import type {
  EffectiveGateway,
  GatewayRequest,
  Origin,
  Resource,
  Route,
  StringMatcher,
} from '../../src/model/index.js';
import { catalogOf } from '../../src/resources/catalog.js';
import { type CompiledGateway, compile, decide } from '../../src/simulate/index.js';
import { parseSource } from '../../src/sources/index.js';

const fixtures = join(import.meta.dirname, '../../fixtures');

export interface Measurement {
  readonly name: string;
  readonly perSecond: number;
}

/** Best of five rounds: noise only slows down. */
export function measure(
  name: string,
  compiled: CompiledGateway,
  requests: readonly GatewayRequest[],
  ms = 200,
): Measurement {
  let best = 0;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    let count = 0;
    let elapsed = 0;
    while (elapsed < ms) {
      for (let i = 0; i < 1000; i++) decide(compiled, requests[(count + i) % requests.length]!);
      count += 1000;
      elapsed = performance.now() - start;
    }
    best = Math.max(best, (count / elapsed) * 1000);
  }
  return { name, perSecond: Math.round(best) };
}

export function articleGateway(): EffectiveGateway {
  const file = join(fixtures, 'truth/istio/article/article-gateway/input.yaml');
  return readGateways(catalogOf(parseSource(file, readFileSync(file)).resources)).gateways[0]!;
}

export const articleRequests: readonly GatewayRequest[] = [
  '/status/200',
  '/status/404?x=1',
  '/statuses',
  '/delay/3',
].map((path) => ({
  port: 80,
  scheme: 'http',
  method: 'GET',
  host: 'httpbin.example.com',
  path,
  headers: { 'user-agent': 'bench', accept: '*/*' },
}));

const resource: Resource = {
  apiVersion: 'v1',
  group: '',
  version: 'v1',
  kind: 'Bench',
  name: 'bench',
  namespace: 'default',
  labels: {},
  annotations: {},
  order: 0,
  object: {},
  document: { file: 'bench', startLine: 1, text: '' },
  base: [],
};
const origin: Origin = { resource, path: [] };

/** Routes of the three usual kinds, a third each. */
export function tableOf(count: number): EffectiveGateway {
  const routes = Array.from({ length: count }, (_, i): Route => {
    const value = `/team-${i % 97}/service-${i}`;
    const path: StringMatcher =
      i % 3 === 0
        ? { kind: 'exact', value }
        : i % 3 === 1
          ? { kind: 'segment-prefix', value }
          : { kind: 'regex', pattern: `${value}/[0-9]+` };
    return {
      match: { path, headers: [], query: [] },
      action: {
        kind: 'forward',
        destinations: [{ to: { host: `s${i}.default.svc.cluster.local`, port: 80 }, weight: 1 }],
      },
      origin,
    };
  });
  return {
    id: 'bench',
    dialect: 'istio',
    engine: 'envoy',
    unsupported: [],
    listeners: [
      {
        port: 80,
        filterChains: [
          {
            kind: 'http',
            match: { transport: 'any' },
            virtualHosts: [{ name: 'v', domains: [{ kind: 'any' }], routes }],
          },
        ],
      },
    ],
  };
}

/** Requests spread over the whole table, one in ten for no route. */
export const requestsFor = (count: number): readonly GatewayRequest[] =>
  Array.from({ length: 1000 }, (_, k) => {
    const i = Math.floor((k * count) / 1000);
    const path =
      k % 10 === 9 ? `/none/${k}` : `/team-${i % 97}/service-${i}${i % 3 === 0 ? '' : i % 3 === 1 ? '/x' : '/42'}`;
    return { port: 80, scheme: 'http', method: 'GET', host: 'a.example.com', path };
  });

export const TABLE_SIZES = [10, 100, 1000, 10_000] as const;

export function run(): Measurement[] {
  const article = compile(articleGateway());
  const tables = TABLE_SIZES.map((n) => measure(`${n} routes`, compile(tableOf(n)), requestsFor(n)));
  return [measure('article', article, articleRequests), ...tables];
}
