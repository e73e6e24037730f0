// What becomes of files with each tool: how much is converted, what the API would refuse, and how many answers are kept.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainLocation } from '../../../src/convert/answers.js';
import { kept } from '../../../src/convert/scope.js';
import { readGateways } from '../../../src/dialects/read.js';
import { generateTests } from '../../../src/diff/index.js';
import { runLint } from '../../../src/lint/run.js';
import {
  chainPlaces,
  type DomainPattern,
  type EffectiveGateway,
  type GatewayRequest,
  hostPlaces,
  type SimulationResult,
} from '../../../src/model/index.js';
import type { ExpectedResult } from '../../../src/requests/expectation.js';
import { checkResult } from '../../../src/requests/index.js';
import { type Catalog, catalogOf } from '../../../src/resources/catalog.js';
import { type CompiledGateway, compile, decide, toResult } from '../../../src/simulate/index.js';
import { locate, parseSource } from '../../../src/sources/index.js';
import { validateResource } from '../../../src/sources/schema/validate.js';
import type { Counts } from './table.js';
import type { Tool } from './tools.js';

interface Asked {
  readonly request: GatewayRequest;
  readonly response: ExpectedResult;
}

/** `path`: of a folder with files, or with folders of recorded cases (input.yaml, exchanges.json). */
export async function measure(path: string, tool: Tool): Promise<Counts> {
  const counts = {
    files: 0,
    converted: 0,
    withoutWarning: 0,
    refusedByApi: 0,
    answers: 0,
    keptAnswers: 0,
    wholeFiles: 0,
  };
  for (const file of filesOf(path)) {
    const catalog = catalogOf(parseSource(file, readFileSync(file)).resources);
    const { yaml, failed, warnings } = tool.convert(file);
    const output = parseSource('output.yaml', Buffer.from(yaml)).resources;
    const after = catalogOf([...kept(catalog), ...output]);
    const questions = questionsOf(file, catalog);
    const answer = answersOf(after);
    const right = questions.filter(({ request, response }) => isSame(request, response, answer(request))).length;
    counts.files++;
    if (!failed) counts.converted++;
    if (!failed && warnings === 0) counts.withoutWarning++;
    if (await isRefused(catalog, after, output)) counts.refusedByApi++;
    counts.answers += questions.length;
    counts.keptAnswers += right;
    if (right === questions.length) counts.wholeFiles++;
  }
  return counts;
}

const filesOf = (path: string): string[] =>
  readdirSync(path)
    .sort()
    .map((name) => (name.endsWith('.yaml') ? join(path, name) : join(path, name, 'input.yaml')))
    .filter((file) => existsSync(file));

const EXCEPTIONS = JSON.parse(readFileSync('fixtures/truth-exceptions.json', 'utf8')) as Record<string, string>;

/**
 * The recorded ones; else those that `meshgw generate-tests` asks of rules of the files. Without HTTPS for hosts that have no certificate
 * of their own: no tool writes it unasked.
 */
function questionsOf(file: string, catalog: Catalog): Asked[] {
  const hasTls = certificateIn(catalog);
  const asked = recordedOf(file) ?? generatedOf(catalog);
  return asked.filter(({ request }) => request.scheme === 'http' || hasTls(request));
}

function recordedOf(file: string): Asked[] | undefined {
  const recorded = file.replace(/input\.yaml$/, 'exchanges.json');
  if (recorded === file || !existsSync(recorded)) return undefined;
  const name = file.replace('fixtures/truth/', '').replace('/input.yaml', '');
  const all = JSON.parse(readFileSync(recorded, 'utf8')) as Asked[];
  return all.filter((_, i) => !(`${name}#${i}` in EXCEPTIONS));
}

/** What no rule of an Ingress answers (unknown hosts, the controller's own endpoints) is not asked. */
function generatedOf(catalog: Catalog): Asked[] {
  const ask = answersOf(catalog);
  return generateTests(gatewaysOf(catalog), false)
    .tests.map(({ request }) => ({ request, response: ask(request) }))
    .filter(({ response }) => response.matched?.resource?.startsWith('Ingress ') && response.defaultBackend !== true)
    .filter(({ request }) => !/^\/(healthz|nginx_status)/.test(request.path)) as Asked[];
}

function certificateIn(catalog: Catalog): (request: GatewayRequest) => boolean {
  const certificates = gatewaysOf(catalog).flatMap((g) =>
    [...chainPlaces(g)].flatMap(({ chain }) => chain.tls?.certificates ?? []),
  );
  return ({ host }) => certificates.some(({ hosts }) => takes(hosts, hostOf(host)));
}

const hostOf = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

const gatewaysOf = (catalog: Catalog): EffectiveGateway[] =>
  readGateways(catalog).gateways.filter(({ dialect }) => dialect !== 'service');

/** The gateway answers that has the host of the request, as DNS would lead to it; else the first. */
function answersOf(catalog: Catalog): (request: GatewayRequest) => SimulationResult {
  const gateways = gatewaysOf(catalog);
  const compiled = new Map<EffectiveGateway, CompiledGateway>();
  return ({ gateway: _, ...request }) => {
    const host = hostOf(request.host);
    const target =
      gateways.find((g) => [...hostPlaces(g)].some((p) => takes(p.virtualHost.domains, host))) ?? gateways[0];
    if (!target) return { connection: 'refused' };
    if (!compiled.has(target)) compiled.set(target, compile(target));
    return toResult(decide(compiled.get(target)!, request, { now: 0 }), request, { locate });
  };
}

const takes = (domains: readonly DomainPattern[], host: string): boolean =>
  domains.some((d) => (d.kind === 'exact' ? d.value === host : d.kind !== 'any' && host.endsWith(d.value)));

/** What clients and destinations see of an answer. */
const COUNTED =
  /^(status|connection|l4|destination|split.*|upstream\.(path|host|method)|headers\.(location|access-control-.*))$/;

function isSame(request: GatewayRequest, want: ExpectedResult, got: SimulationResult): boolean {
  const [x, y] = [want.headers?.location, got.headers?.location];
  const isSpelling = typeof x === 'string' && typeof y === 'string' && plainLocation(x) === plainLocation(y);
  return checkResult(request, want, got, { strict: true }).every(
    ({ field }) => !COUNTED.test(field) || (isSpelling && field === 'headers.location'),
  );
}

async function isRefused(before: Catalog, after: Catalog, output: readonly Catalog['all'][number][]): Promise<boolean> {
  if (output.some((resource) => validateResource(resource).length > 0)) return true;
  const known = await errorsOf(before);
  return (await errorsOf(after)).some((error) => !known.includes(error));
}

async function errorsOf(catalog: Catalog): Promise<string[]> {
  const { gateways, notes } = readGateways(catalog);
  const sources = { resources: catalog.all, diagnostics: [], files: 1 };
  const { diagnostics } = await runLint({ catalog, sources, gateways, notes }, {});
  return diagnostics.filter((d) => d.severity === 'error').map((d) => `${d.code} ${d.message}`);
}
