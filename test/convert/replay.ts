// A recorded case, translated: the recorded requests are sent to what the output means, and every difference is looked up in the report.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseGateway } from '../../src/api/choose-gateway.js';
import { writerOf } from '../../src/api/writers.js';
import { plainLocation } from '../../src/convert/answers.js';
import { convert } from '../../src/convert/convert.js';
import { kept, type Source, type Target } from '../../src/convert/scope.js';
import { toYaml } from '../../src/convert/to-yaml.js';
import { expectationOf, isAnnounced, lossesOf, pairsOf, unexplained } from '../../src/convert/verify.js';
import type { ReadOptions } from '../../src/dialects/dialect.js';
import { readGateways } from '../../src/dialects/read.js';
import { recogniseDocument } from '../../src/dialects/registry.js';
import { crdProblems } from '../../src/lint/cel.js';
import {
  type EffectiveGateway,
  formatResource,
  type GatewayRequest,
  type Resource,
  type SimulationResult,
} from '../../src/model/index.js';
import type { ExpectedResult } from '../../src/requests/expectation.js';
import { checkResult } from '../../src/requests/index.js';
import { catalogOf } from '../../src/resources/catalog.js';
import { compile, decide, jwtRulesFor, toResult } from '../../src/simulate/index.js';
import { locate, parseSource } from '../../src/sources/index.js';
import { validateResource } from '../../src/sources/schema/validate.js';
import { verifyTokens } from '../../src/tokens/index.js';
import { type Recording, recordingsOf } from '../truth/recordings.js';

export interface Replay {
  /** Those that are artefacts of recording are not asked. */
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

/** Tokens of the recordings are valid from 2023 to 2100 or expired in 2023 (fixtures/truth/README.md). */
const RECORDED_AT = Date.UTC(2026, 7, 22);

/** Recordings that are artefacts, with their reasons. */
const EXCEPTIONS = JSON.parse(readFileSync('fixtures/truth-exceptions.json', 'utf8')) as Record<string, string>;

/** Fields of the issue's "identical": status, destination, path, host, method upstream, location and CORS headers. */
const COUNTED =
  /^(status|connection|l4|destination|split.*|upstream\.(path|host|method)|headers\.(location|access-control-.*))$/;

/** Recordings of Istio asked its own gateway, also where no object is for it; undefined: nobody else's has that name. */
const recordedAt = (gateways: readonly EffectiveGateway[]): string | undefined =>
  gateways.find((g) => g.id === 'istio=ingressgateway')?.id;

/** Undefined: nobody answers for it. `written`: the gateways that an Envoy was written for. */
function gatewayFor(
  gateways: readonly EffectiveGateway[],
  wanted: string | undefined,
  written: readonly string[] | undefined,
): EffectiveGateway | undefined {
  if (!written) return chooseGateway(gateways, wanted ?? recordedAt(gateways));
  const name = wanted ?? 'istio=ingressgateway';
  if (!written.includes(name)) return undefined;
  return written.length === 1 ? gateways[0] : gateways.find((g) => g.id === `envoy:${name}`);
}

const isSameUrl = (a: ExpectedResult, b: SimulationResult): boolean => {
  const [x, y] = [a.headers?.location, b.headers?.location];
  return typeof x === 'string' && typeof y === 'string' && plainLocation(x) === plainLocation(y);
};

/** The configuration of a case: a config dump where it has one. */
export function inputOf(folder: string): readonly Resource[] {
  const file = ['config_dump.json', 'input.yaml'].map((name) => join(folder, name)).find((name) => existsSync(name))!;
  return parseSource(file, readFileSync(file), undefined, recogniseDocument).resources;
}

/** What is translated, where it is not the case's own. */
export interface Configuration {
  readonly resources: readonly Resource[];
  /** The gateways of the case that an Envoy was written for. */
  readonly written?: readonly string[];
}

/** `read`: whose Gateway API is read and written. `recording`: of those of the case; default: the first. */
export async function replay(
  folder: string,
  from: Source,
  to: Target,
  { recording = recordingsOf(folder)[0]!, ...read }: ReadOptions & { readonly recording?: Recording } = {},
  { resources, written }: Configuration = { resources: inputOf(folder) },
): Promise<Replay> {
  const catalog = catalogOf(resources);
  const options = { defaultTlsSecret: { namespace: 'istio-system', name: 'default-cert' } };
  const { flags, variant, request: always } = recording;
  const translation = convert(catalog, { from, to }, writerOf, { flags, ...read }, options);
  const output = parseSource(
    'output.yaml',
    toYaml(translation.objects, translation.origins, locate),
    undefined,
    recogniseDocument,
  );
  const after = readGateways(catalogOf([...kept(catalog), ...output.resources]), read).gateways.filter(
    (g) => g.dialect !== 'service',
  );
  const pairs = new Map(pairsOf(translation, after));
  const losses = lossesOf(translation);
  const expected = expectationOf(translation, locate);
  const proof = unexplained(translation, expected, after, { locate });
  const exchanges = JSON.parse(readFileSync(recording.exchanges, 'utf8')) as {
    request: GatewayRequest;
    response: ExpectedResult;
  }[];
  const compiled = new Map<unknown, ReturnType<typeof compile>>();
  const compiledOf = (gateway: EffectiveGateway) => {
    if (!compiled.has(gateway)) compiled.set(gateway, compile(gateway));
    return compiled.get(gateway)!;
  };
  /** What the token of a request is worth at a gateway. */
  const contextOf = async (gateway: EffectiveGateway, request: GatewayRequest) => {
    const rules = jwtRulesFor(compiledOf(gateway), request);
    return { now: 0, ...(rules.length > 0 ? { token: await verifyTokens(rules, request, RECORDED_AT) } : {}) };
  };
  const ask = async (gateway: EffectiveGateway, request: GatewayRequest): Promise<SimulationResult> =>
    toResult(decide(compiledOf(gateway), request, await contextOf(gateway, request)), request, { locate });
  let asked = 0;
  let spelled = 0;
  const silent: string[] = [];
  const announced: string[] = [];
  for (const [i, { request: sent, response }] of exchanges.entries()) {
    const request = { ...sent, ...always };
    const id = `${folder.replace('fixtures/truth/', '')}#${i}`;
    if (id in EXCEPTIONS || `${id}@${variant}` in EXCEPTIONS) continue;
    asked++;
    // The target has gateways of other names: the one that took the source's place answers.
    const { gateway: wanted = recording.gateway, ...plain } = request;
    const source = gatewayFor(translation.gateways, wanted, written);
    const target = after.find((g) => source && pairs.get(source.id) === g.id);
    const got: SimulationResult = target ? await ask(target, plain) : { connection: 'refused' };
    const all = checkResult(request, response, got, { strict: true }).filter((d) => COUNTED.test(d.field));
    const isSpelling = all.some((d) => d.field === 'headers.location') && isSameUrl(response, got);
    const found = isSpelling ? all.filter((d) => d.field !== 'headers.location') : all;
    if (found.length === 0) {
      if (isSpelling) spelled++;
      continue;
    }
    const line = `#${i} ${request.method} ${request.scheme}://${request.host}${request.path}: ${found.map((d) => `${d.field} ${d.want} got ${d.got}`).join('; ')}`;
    const context = source ? await contextOf(source, plain) : {};
    const by = (expected.explain({ gateway: source?.id ?? '', request: plain, context }, got) ?? []).map(
      (l) => l.feature,
    );
    if (by.length > 0) announced.push(`${line} [${[...new Set(by)].join(', ')}]`);
    else silent.push(line);
  }
  return {
    exchanges: asked,
    identical: asked - silent.length - announced.length,
    spelled,
    silent,
    announced,
    unproven: [
      ...proof.differences.map((d) => JSON.stringify([d.request, d.after])),
      ...proof.undecided.filter((part) => !isAnnounced(part, translation)).map((u) => u.reason),
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
