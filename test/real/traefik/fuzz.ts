// Looks for differences between `meshgw simulate` and Traefik in configurations that nobody has recorded: recorded ones, recombined.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { refusedObjects } from '../../../src/api/refused.js';
import { CannotRunError } from '../../../src/diagnostics/index.js';
import { ingressOwner } from '../../../src/dialects/ingress-owner.js';
import { readGateways } from '../../../src/dialects/read.js';
import { crdProblems } from '../../../src/lint/cel.js';
import type { GatewayRequest, Resource, SimulationResult } from '../../../src/model/index.js';
import { checkResult } from '../../../src/requests/check.js';
import type { ExpectedResult } from '../../../src/requests/expectation.js';
import { place } from '../../../src/requests/index.js';
import { catalogOf } from '../../../src/resources/catalog.js';
import { upgradeIngress } from '../../../src/resources/ingress.js';
import { compile, type Decision, decide, toResult } from '../../../src/simulate/index.js';
import { parseSource } from '../../../src/sources/index.js';
import { type Random, randomFrom } from '../../envoy/generate.js';
import { makePair } from '../certificate.js';
import { startEcho } from '../echo.js';
import { asYaml, parsed } from '../istio/fuzz.js';
import { chance, type Doc, mutate, type Node, type Pool, pick, poolOf } from '../istio/mutate.js';
import { requestNear } from '../istio/requests-near.js';
import { withSuppliedServices } from '../istio/supplied-services.js';
import { tellWith } from './ask-file.js';
import { HELM_STATIC } from './process.js';
import { hasNegatedHost, mutateRules, rulesIn, wordsOfRules } from './rules.js';

const ROOT = 'fixtures/truth/traefik';
const AREAS = ['ingress', 'ingressroute', 'middleware', 'tcp'];
const REQUESTS = 32;
/** Processes of Traefik at the same time: nearly all of their time is waiting. */
const AT_ONCE = 6;
/** Processes that may fail to start before the run ends. */
const MOST_UNSTARTED = 20;

interface Case {
  readonly docs: readonly Doc[];
  readonly requests: readonly GatewayRequest[];
  readonly staticYaml: string;
}

interface Made extends Case {
  readonly name: string;
  readonly yaml: string;
}

interface Counts {
  configs: number;
  asked: number;
  /** Answers that are said to be chance, or not to be predicted. */
  chance: number;
  open: number;
  differing: number;
  /** Answers that differed once, and not when asked again. */
  once: number;
  /** Processes that did not start. */
  unstarted: number;
}

/** `fuzz <seconds> [seed] [area …]`: recorded cases recombined, asked of Traefik. */
export async function fuzz([seconds = '60', seed = '1', ...areas]: readonly string[]): Promise<boolean> {
  const random = randomFrom(Number(seed));
  const cases = (areas.length > 0 ? areas : AREAS)
    .flatMap((area) => casesIn(join(ROOT, area)))
    .filter(({ docs }) => !rulesIn(docs).some(hasNegatedHost));
  const pool = poolOf(cases.flatMap((c) => c.docs));
  const rules = cases.flatMap((c) => rulesIn(c.docs));
  const pair = await makePair();
  const echo = await startEcho(pair);
  const end = Date.now() + Number(seconds) * 1000;
  const keep = join('.cache/real/traefik/found', seed);
  const counts: Counts = { configs: 0, asked: 0, chance: 0, open: 0, differing: 0, once: 0, unstarted: 0 };
  let made = 0;
  const work = async (at: number): Promise<void> => {
    while (Date.now() < end) {
      const one = await make(random, `case-${made++}`, cases, pool, rules);
      const tell = async () => (await tellWith({ pair, echo }, one.yaml, one.requests, one.staticYaml, at)).results;
      let results: readonly ExpectedResult[];
      try {
        results = await tell();
      } catch (e) {
        // A port of its entry points may be somebody else's for a moment.
        if (!(e instanceof CannotRunError) || ++counts.unstarted > MOST_UNSTARTED) throw e;
        continue;
      }
      const first = compared(one, results, counts);
      counts.configs++;
      // A process that was asked too early, on a busy machine, is asked again.
      const again = first.length > 0 ? compared(one, await tell(), { ...counts }) : first;
      const lines = first.filter((line) => again.some((other) => requestOf(other) === requestOf(line)));
      counts.once += first.length - lines.length;
      if (lines.length === 0) continue;
      counts.differing++;
      console.log(`${lines[0]!.slice(0, 500)}${lines.length > 1 ? ` (+${lines.length - 1})` : ''}`);
      write(keep, one, lines);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => work(at)));
  echo.close();
  console.log(
    `${counts.configs} configurations, ${counts.asked} requests (${counts.chance} by chance, ${counts.open} not predicted), ${counts.differing} configurations differ (${keep}); ${counts.once} answers differed once only, ${counts.unstarted} processes did not start`,
  );
  return counts.differing === 0;
}

/** `case-3#7` of a line. */
const requestOf = (line: string): string => line.slice(0, line.indexOf(' '));

async function make(
  r: Random,
  name: string,
  cases: readonly Case[],
  pool: Pool,
  rules: readonly string[],
): Promise<Made> {
  const one = pick(r, cases);
  const other = chance(r, 0.4) ? pick(r, cases) : undefined;
  const identity = (d: Doc) => JSON.stringify([d.kind, (d.metadata as Doc).namespace, (d.metadata as Doc).name]);
  const known = new Set(one.docs.map(identity));
  const both = [...one.docs, ...(other?.docs.filter((d) => !known.has(identity(d))) ?? [])];
  const changed = mutate(r, both, pool, 1 + Math.floor(r() * (chance(r, 0.25) ? 30 : 6)));
  mutateRules(r, changed, rules);
  const docs = [...new Map(changed.map((d) => [identity(d), withoutOwnWays(d) as Doc])).values()];
  const staticYaml = chance(r, 0.15) ? pick(r, cases).staticYaml : one.staticYaml;
  const words = wordsOfRules(docs, portsOf(staticYaml));
  const recorded = [...one.requests, ...(other?.requests ?? [])];
  const requests = Array.from({ length: REQUESTS }, () => asSent(requestNear(r, words, recorded)));
  const yaml = withClasses(
    withSuppliedServices(asYaml(await taken(docs)), { flags: { 'traefik-static': staticYaml } }),
  );
  return { name, docs, requests, staticYaml, yaml };
}

/** As a client sends it: each header under one name, and no dot at the end of a server name (RFC 6066; Go refuses it). */
function asSent({ headers, sni, ...request }: GatewayRequest): GatewayRequest {
  const lower = headers && Object.fromEntries(Object.entries(headers).map(([name, v]) => [name.toLowerCase(), v]));
  return {
    ...request,
    ...(lower ? { headers: lower } : {}),
    ...(sni === undefined ? {} : { sni: sni?.replace(/\.+$/, '') || null }),
  };
}

/** Ways to an endpoint that end elsewhere than at the echo, or that it does not speak: a Service's own address, the PROXY protocol. */
const OWN_WAYS = /nativelb|nodeportlb|^proxyProtocol$/i;

const withoutOwnWays = (node: Node): Node => {
  if (Array.isArray(node)) return node.map(withoutOwnWays);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]) => (OWN_WAYS.test(key) ? [] : [[key, withoutOwnWays(value)]])),
  );
};

/** With the IngressClasses of Ingresses that meshgw takes for Traefik's, though their class is not among the files. */
function withClasses(yaml: string): string {
  const catalog = catalogOf(parseSource('input.yaml', yaml).resources);
  const classes = new Set(catalog.ofKind('networking.k8s.io/IngressClass').map((c) => c.name));
  const missing = catalog.ofKind('networking.k8s.io/Ingress').flatMap((resource) => {
    const { dialect, className } = ingressOwner(upgradeIngress(resource), catalog, {});
    return dialect === 'traefik' && className !== undefined && !classes.has(className) ? [className] : [];
  });
  const objects = [...new Set(missing)].map((name) =>
    asYaml([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name },
        spec: { controller: 'traefik.io/ingress-controller' },
      },
    ]),
  );
  return [yaml, ...objects].join('\n---\n');
}

/** What the API server would take of them. */
async function taken(docs: readonly Doc[]): Promise<Doc[]> {
  const { resources } = parseSource('input.yaml', asYaml(docs));
  const named = ({ kind, namespace, name }: Pick<Resource, 'kind' | 'namespace' | 'name'>) =>
    `${kind} ${namespace}/${name}`;
  const bad = new Set([
    ...(await refusedObjects(resources)).map(({ resource }) => named(resource)),
    ...resources.filter((resource) => crdProblems(resource).length > 0).map(named),
  ]);
  return docs.filter(({ kind, metadata }) => {
    const { namespace = 'default', name } = metadata as Doc;
    return typeof name === 'string' && !bad.has(named({ kind: String(kind), namespace: String(namespace), name }));
  });
}

/** Entry points, with what is spoken there by default; each may be asked with and without TLS. */
function portsOf(staticYaml: string): [number, string][] {
  const { entryPoints = {} } = parse(staticYaml) as { entryPoints?: Record<string, { address?: string }> };
  return Object.values(entryPoints).flatMap(({ address = '' }): [number, string][] => {
    const port = Number(address.split(':').at(-1));
    return [
      [port, 'HTTP'],
      [port, 'HTTPS'],
    ];
  });
}

/** Lines for what differs. */
function compared(one: Made, results: readonly ExpectedResult[], counts: Counts): string[] {
  const { gateways } = readGateways(catalogOf(parseSource('input.yaml', one.yaml).resources), {
    flags: { 'traefik-static': one.staticYaml },
  });
  const gateway = gateways.find((g) => g.dialect === 'traefik');
  // Nothing of the files is Traefik's.
  if (!gateway) return [];
  const compiled = compile(gateway);
  return one.requests.flatMap((request, i) => {
    counts.asked++;
    const real = withKnownProto(results[i]!);
    const decision = decide(compiled, { ...request, clientCertificate: 'none' });
    const got = toResult(decision, request, { gateway, locate: () => ({ file: 'input.yaml', line: 1, column: 1 }) });
    const features = got.unknown?.map((u) => u.feature) ?? [];
    const conditions = ('route' in decision ? decision.route?.conditions : undefined) ?? [];
    if (features.some((f) => !KNOWN.has(f)) || conditions.some(({ kind }) => kind !== 'basic-auth')) {
      counts.open++;
      return [];
    }
    // The certificate of an endpoint is not trusted: the recordings left these answers out.
    if (decision.kind === 'forward' && decision.destination.protocol === 'https' && real.status === 500) {
      counts.open++;
      return [];
    }
    if (/sticky/.test(one.yaml)) delete (got.headers as Record<string, string> | undefined)?.['set-cookie'];
    const copied = drawnCopies(decision, real);
    if (copied) {
      counts.chance++;
      (got as { mirrors?: SimulationResult['mirrors'] }).mirrors = copied;
    }
    const drawn = (got.split ?? []).filter((s) => s.weight > 0).length > 1;
    if (features.includes('traefik.tie')) {
      counts.chance++;
      // Of connections only one outcome is told, and of requests none that a middleware makes.
      if (!drawn || !real.destination) return [];
    }
    const found = drawn ? impossible(real, got) : checkResult(request, real, got, { strict: true }).map(inWords);
    return found.length > 0 ? [`${one.name}#${i} ${JSON.stringify(request)}: ${found.join('; ')}`] : [];
  });
}

/** Unknowns whose outcome the harness can know: one of the possible ones, and passwords that are right or wrong. */
const KNOWN = new Set(['traefik.tie', 'condition.basic-auth']);

/** An X-Forwarded-Proto that a rule sets to something else says nothing about the connection. */
const withKnownProto = (told: ExpectedResult): ExpectedResult => {
  const { proto, ...upstream } = told.upstream ?? {};
  return proto === undefined || proto === 'http' || proto === 'https' ? told : { ...told, upstream };
};

const inWords = (d: { field: string; want: unknown; got: unknown }): string =>
  `${d.field}: real ${d.want}, simulated ${d.got}`;

/** Copies of which only a share is sent: those that came, where each is a possible one; undefined: nothing is drawn. */
function drawnCopies(decision: Decision, { mirrors = [] }: ExpectedResult): SimulationResult['mirrors'] | undefined {
  const action = decision.kind === 'forward' ? decision.route.action : undefined;
  const shares = action?.kind === 'forward' ? (action.mirrors ?? []) : [];
  if (!shares.some(({ percent }) => percent > 0 && percent < 100)) return undefined;
  const hosts = new Set(shares.map(({ destination }) => destination.host));
  return mirrors.filter((m) => hosts.has(m.destination.host));
}

/** A draw must be one of the possible outcomes. */
function impossible(real: ExpectedResult, { split = [] }: SimulationResult): string[] {
  const outcome = real.destination ? place(real.destination) : `status ${real.status}`;
  const possible = split.filter((s) => s.weight > 0).map((s) => ('host' in s ? place(s) : `status ${s.status}`));
  return possible.includes(outcome) ? [] : [`split: real ${outcome}, simulated ${possible.join(' or ')}`];
}

function write(keep: string, { name, yaml, staticYaml, requests }: Made, lines: readonly string[]): void {
  const folder = join(keep, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'input.yaml'), yaml);
  writeFileSync(join(folder, 'static.yaml'), staticYaml);
  writeFileSync(join(folder, 'requests.json'), JSON.stringify(requests, null, 1));
  writeFileSync(join(folder, 'found.txt'), `${lines.join('\n')}\n`);
}

const casesIn = (folder: string): Case[] =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, 'exchanges.json')))
    .map((path) => {
      const read = (name: string) => readFileSync(join(path, name), 'utf8');
      return {
        docs: parsed(read('input.yaml')),
        requests: (JSON.parse(read('exchanges.json')) as { request: GatewayRequest }[]).map((e) => e.request),
        staticYaml: existsSync(join(path, 'static.yaml')) ? read('static.yaml') : HELM_STATIC,
      };
    });
