// A recorded case, translated: the recorded requests are sent to what the output means, and every difference is looked up in the report.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseGateway } from '../../src/api/choose-gateway.js';
import { writerOf } from '../../src/api/writers.js';
import { plainLocation } from '../../src/convert/answers.js';
import { convert } from '../../src/convert/convert.js';
import { kept, type Source, type Target } from '../../src/convert/scope.js';
import { toYaml } from '../../src/convert/to-yaml.js';
import { expectationOf, lossesOf, pairsOf, unexplained } from '../../src/convert/verify.js';
import type { ReadOptions } from '../../src/dialects/dialect.js';
import { readGateways } from '../../src/dialects/read.js';
import { crdProblems } from '../../src/lint/cel.js';
import {
  type EffectiveGateway,
  formatResource,
  type GatewayRequest,
  type SimulationResult,
} from '../../src/model/index.js';
import type { ExpectedResult } from '../../src/requests/expectation.js';
import { checkResult } from '../../src/requests/index.js';
import { catalogOf } from '../../src/resources/catalog.js';
import { compile, decide, toResult } from '../../src/simulate/index.js';
import { locate, parseSource } from '../../src/sources/index.js';
import { validateResource } from '../../src/sources/schema/index.js';
import { recordingsOf } from '../truth/recordings.js';

export interface Replay {
  readonly exchanges: number;
  /** As clients and destinations see it. */
  readonly identical: number;
  /** Of these: those whose Location is another spelling of the same URL (`https://a` and `https://a/`). */
  readonly spelled: number;
  /** Differences that no item of the report announces. */
  readonly silent: readonly string[];
  readonly announced: readonly string[];
  /** Differences that `verify` finds and nobody announced, and what it cannot decide. */
  readonly unproven: readonly string[];
  /** Policies and filters of the output that an API server does not take: their schema, and the rules of their CRD. */
  readonly invalid: readonly string[];
  /** Nothing was refused or approximated: the target can say everything the case uses. */
  readonly lossless: boolean;
  /** Something was refused: the case uses what the target cannot say. */
  readonly refused: boolean;
}

/** Recordings that are artefacts, with their reasons. */
const EXCEPTIONS = JSON.parse(readFileSync('fixtures/truth-exceptions.json', 'utf8')) as Record<string, string>;

/** Fields of the issue's "identical": status, destination, path, host, method upstream, location and CORS headers. */
const COUNTED =
  /^(status|connection|l4|destination|split.*|upstream\.(path|host|method)|headers\.(location|access-control-.*))$/;

/** Recordings of Istio asked its own gateway, also where no object is for it; undefined: nobody else's has that name. */
const recordedAt = (gateways: readonly EffectiveGateway[]): string | undefined =>
  gateways.find((g) => g.id === 'istio=ingressgateway')?.id;

const isSameUrl = (a: ExpectedResult, b: SimulationResult): boolean => {
  const [x, y] = [a.headers?.location, b.headers?.location];
  return typeof x === 'string' && typeof y === 'string' && plainLocation(x) === plainLocation(y);
};

/** `read`: whose Gateway API is read and written. */
export function replay(folder: string, from: Source, to: Target, read: ReadOptions = {}): Replay {
  const input = parseSource(join(folder, 'input.yaml'), readFileSync(join(folder, 'input.yaml')));
  const catalog = catalogOf(input.resources);
  const options = { defaultTlsSecret: { namespace: 'istio-system', name: 'default-cert' } };
  const { flags, variant } = recordingsOf(folder)[0]!;
  const translation = convert(catalog, { from, to }, writerOf, { flags, ...read }, options);
  const output = parseSource('output.yaml', toYaml(translation.objects, translation.origins, locate));
  const after = readGateways(catalogOf([...kept(catalog), ...output.resources]), read).gateways.filter(
    (g) => g.dialect !== 'service',
  );
  const pairs = new Map(pairsOf(translation, after));
  const losses = lossesOf(translation);
  const expected = expectationOf(translation, locate);
  const proof = unexplained(translation, expected, after, { locate });
  const exchanges = JSON.parse(readFileSync(join(folder, 'exchanges.json'), 'utf8')) as {
    request: GatewayRequest;
    response: ExpectedResult;
  }[];
  const compiled = new Map<unknown, ReturnType<typeof compile>>();
  const ask = (gateway: Parameters<typeof compile>[0], request: GatewayRequest): SimulationResult => {
    if (!compiled.has(gateway)) compiled.set(gateway, compile(gateway));
    return toResult(decide(compiled.get(gateway)!, request, { now: 0 }), request, { locate });
  };
  let spelled = 0;
  const silent: string[] = [];
  const announced: string[] = [];
  for (const [i, { request, response }] of exchanges.entries()) {
    const id = `${folder.replace('fixtures/truth/', '')}#${i}`;
    if (id in EXCEPTIONS || `${id}@${variant}` in EXCEPTIONS) continue;
    // The target has gateways of other names: the one that took the source's place answers.
    const { gateway: asked, ...plain } = request;
    const source = chooseGateway(translation.gateways, asked ?? recordedAt(translation.gateways));
    const target = after.find((g) => pairs.get(source.id) === g.id);
    const got: SimulationResult = target ? ask(target, plain) : { connection: 'refused' };
    const all = checkResult(request, response, got, { strict: true }).filter((d) => COUNTED.test(d.field));
    const isSpelling = all.some((d) => d.field === 'headers.location') && isSameUrl(response, got);
    const found = isSpelling ? all.filter((d) => d.field !== 'headers.location') : all;
    if (found.length === 0) {
      if (isSpelling) spelled++;
      continue;
    }
    const line = `#${i} ${request.method} ${request.scheme}://${request.host}${request.path}: ${found.map((d) => `${d.field} ${d.want} got ${d.got}`).join('; ')}`;
    const by = (expected.explain({ gateway: source.id, request: plain }, got) ?? []).map((l) => l.feature);
    if (by.length > 0) announced.push(`${line} [${[...new Set(by)].join(', ')}]`);
    else silent.push(line);
  }
  return {
    exchanges: exchanges.length,
    identical: exchanges.length - silent.length - announced.length,
    spelled,
    silent,
    announced,
    unproven: [
      ...proof.differences.map((d) => JSON.stringify([d.request, d.after])),
      ...proof.undecided.map((u) => u.reason),
    ],
    invalid: output.resources
      .filter((r) => r.group === 'gateway.envoyproxy.io')
      .flatMap((r) =>
        [...validateResource(r), ...crdProblems(r)].map(({ message }) => `${formatResource(r)}: ${message}`),
      ),
    lossless: losses.length === 0,
    refused: losses.some((l) => l.severity === 'refused'),
  };
}
