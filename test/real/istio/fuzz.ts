// Looks for differences between `meshgw simulate` and the real system in configurations that nobody has recorded.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import type { Source, Target } from '../../../src/convert/scope.js';
import type { GatewayRequest } from '../../../src/model/index.js';
import { generateConfig, generateRequest, type Random, randomFrom } from '../../envoy/generate.js';
import { generatePolicies, generatePolicyRequest } from '../../envoy/generate-policies.js';
import { type TokenPool, tokenPool } from '../../envoy/tokens.js';
import { fitsHttp2 } from '../client-http2.js';
import type { Verdict } from './control-plane.js';
import { type Output, translate } from './convert.js';
import { withDestinationRule } from './destination-rules.js';
import { interrogate, type Witnesses } from './interrogate.js';
import { chance, type Doc, mutate, type Pool, pick, poolOf } from './mutate.js';
import { requestNear, wordsOf } from './requests-near.js';
import { compare, inWords, type Predicted, predict } from './simulated.js';

/** Folders whose cases are converted first: where they are recorded, and the direction. */
const CONVERTED: Readonly<Record<string, readonly [folder: string, from: Source, to: Target]>> = {
  'nginx-to-istio': ['ingress-nginx', 'ingress', 'istio'],
  'nginx-to-gateway-api': ['ingress-nginx', 'ingress', 'gateway-api'],
  'ingress-to-gateway-api': ['istio/ingress', 'ingress', 'gateway-api'],
  'gateway-api-to-istio': ['istio/gateway-api', 'gateway-api', 'istio'],
  'match-to-gateway-api': ['istio/match', 'istio', 'gateway-api'],
  'action-to-gateway-api': ['istio/action', 'istio', 'gateway-api'],
  'hosts-to-gateway-api': ['istio/hosts', 'istio', 'gateway-api'],
  'merge-to-gateway-api': ['istio/merge', 'istio', 'gateway-api'],
  'policy-to-gateway-api': ['istio/policy', 'istio', 'gateway-api'],
};

const ISTIO = ['match', 'action', 'hosts', 'merge', 'ingress', 'gateway-api', 'mixed', 'l4', 'policy'];

/** Every object of the recorded cases of Istio. */
export const recordedDocs = (): Doc[] => ISTIO.flatMap((f) => casesIn(`istio/${f}`)).flatMap((c) => c.docs);

const REQUESTS = 24;
const ROUND = 40;

interface Case {
  readonly name: string;
  readonly docs: readonly Doc[];
  readonly requests: readonly GatewayRequest[];
}

interface Made {
  readonly docs: readonly Doc[];
  requests(docs: readonly Doc[]): GatewayRequest[];
}

/** `fuzz <seconds> [seed] [folder …]`: recorded cases recombined; folders `generated` and `policies` are made from nothing. */
export async function fuzz(
  witnesses: Witnesses,
  [seconds = '60', seed = '1', ...folders]: readonly string[],
): Promise<boolean> {
  const random = randomFrom(Number(seed));
  const chosen = folders.length > 0 ? folders : ISTIO;
  const tokens = await tokenPool();
  const recorded = new Map(
    chosen.flatMap((f) =>
      isMade(f)
        ? []
        : [[f, casesIn(CONVERTED[f]?.[0] ?? (f.startsWith('fixtures/') ? `../../${f}` : `istio/${f}`))] as const],
    ),
  );
  const pool = poolOf([...recorded.values()].flat().flatMap((c) => c.docs));
  const end = Date.now() + Number(seconds) * 1000;
  const keep = join('.cache/real/istio/found', seed);
  let configs = 0;
  let asked = 0;
  let differing = 0;
  let refused = 0;
  for (let round = 0; Date.now() < end; round++) {
    const questions = await Promise.all(
      Array.from({ length: ROUND }, async (_, n) => {
        const folder = pick(random, chosen);
        const made = make(random, folder, recorded.get(folder) ?? [], pool, tokens);
        const requests = made.requests(made.docs);
        const { docs, rejected } = await admitted(witnesses, made.docs);
        refused += rejected.length;
        const name = `${folder.replaceAll('/', '-')}-${round}-${n}`;
        const direction = CONVERTED[folder];
        if (!direction) return predicted(name, asYaml(docs), requests, overHttp2(random));
        const converted = await convertedBy(witnesses, docs, direction);
        if (converted === undefined) return undefined;
        if ('crash' in converted) return { name, yaml: asYaml(docs), crash: converted.crash };
        return predicted(
          name,
          converted.yaml,
          requests.flatMap((r) => converted.asked(r) ?? []),
        );
      }),
    );
    const usable: Predicted[] = [];
    for (const q of questions)
      if (q === undefined) continue;
      else if ('crash' in q) {
        differing++;
        write(keep, q.name, q.yaml, [q.crash]);
        console.log(`${q.name}: ${q.crash.slice(0, 400)}`);
      } else usable.push(q);
    await interrogate(usable, witnesses, (told) => {
      const question = told.question as Predicted;
      configs++;
      asked += told.results.length;
      const found = compare(question, told);
      const lines = [
        ...(told.failed && !question.isRefused ? [`${question.name}: ${told.failed}`] : []),
        ...found.map((f) => inWords(question, f)),
      ];
      if (lines.length === 0) return;
      differing++;
      console.log(`${lines[0]!.slice(0, 420)}${lines.length > 1 ? ` (+${lines.length - 1})` : ''}`);
      write(
        keep,
        question.name,
        question.yaml,
        lines,
        found.map(({ index }) => ({ request: question.requests[index], response: told.results[index] })),
      );
    });
  }
  console.log(
    `${configs} configurations, ${asked} requests, ${differing} configurations differ, ${refused} objects refused (${keep})`,
  );
  return differing === 0;
}

const isMade = (folder: string): boolean => folder === 'generated' || folder === 'policies';

function write(keep: string, name: string, yaml: string, lines: readonly string[], exchanges: unknown = []): void {
  mkdirSync(keep, { recursive: true });
  writeFileSync(
    join(keep, `${name}.yaml`),
    `${lines.map((l) => `# ${l.replaceAll('\n', '\n# ')}`).join('\n')}\n${yaml}`,
  );
  writeFileSync(join(keep, `${name}.json`), JSON.stringify(exchanges, null, 1));
}

function make(r: Random, folder: string, cases: readonly Case[], pool: Pool, tokens: TokenPool): Made {
  const many = (one: () => Omit<GatewayRequest, 'port' | 'scheme'>) => () =>
    Array.from({ length: REQUESTS }, () => ({ port: 80, scheme: 'http' as const, ...one() }));
  if (folder === 'generated') return { docs: parsed(generateConfig(r)), requests: many(() => generateRequest(r)) };
  if (folder === 'policies')
    return { docs: parsed(generatePolicies(r, tokens)), requests: many(() => generatePolicyRequest(r, tokens)) };
  const one = pick(r, cases);
  const other = chance(r, 0.4) ? pick(r, cases) : undefined;
  const identity = (d: Doc) => JSON.stringify([d.kind, (d.metadata as Doc).namespace, (d.metadata as Doc).name]);
  const known = new Set(one.docs.map(identity));
  const both = [...one.docs, ...(other?.docs.filter((d) => !known.has(identity(d))) ?? [])];
  const changed = mutate(r, both, pool, 1 + Math.floor(r() * (chance(r, 0.25) ? 40 : 8)));
  const docs = chance(r, 0.35) ? withDestinationRule(r, changed) : changed;
  const requests = [...one.requests, ...(other?.requests ?? [])];
  return {
    docs,
    requests: (d) => {
      const words = wordsOf(d);
      return Array.from({ length: REQUESTS }, () =>
        requestNear(r, words, requests, one.requests[0]?.gateway ?? gatewayIn(d)),
      );
    },
  };
}

/** A Gateway of the Gateway API is asked by its name. */
function gatewayIn(docs: readonly Doc[]): string | undefined {
  const found = docs.find((d) => d.kind === 'Gateway' && String(d.apiVersion).startsWith('gateway.networking.k8s.io/'));
  if (!found) return undefined;
  const { namespace = 'default', name } = found.metadata as Doc;
  return `${namespace}/${name}`;
}

/** What the API server and Istio's webhook let in; of two objects with one name the last. */
async function admitted(
  witnesses: Witnesses,
  docs: readonly Doc[],
): Promise<{ docs: Doc[]; rejected: readonly Verdict[] }> {
  const named = new Map(docs.map((d) => [identityOf(d), d]));
  const all = [...named.values()];
  const { rejected = [] } = await witnesses.controlPlane.ask(asYaml(all), []);
  const bad = new Set(rejected.map((v) => v.object));
  return { docs: all.filter((d) => !bad.has(identityOf(d))), rejected };
}

const CLUSTER_SCOPED = /^(Namespace|IngressClass|GatewayClass)$/;
const identityOf = ({ kind, metadata }: Doc): string => {
  const { namespace = 'default', name } = metadata as Doc;
  return `${kind} ${CLUSTER_SCOPED.test(String(kind)) ? '' : namespace}/${name}`;
};

/** What convert makes of it; what Istio does not take of that is a finding like a crash. Undefined: nothing to convert. */
async function convertedBy(
  witnesses: Witnesses,
  docs: readonly Doc[],
  [, from, to]: readonly [string, Source, Target],
) {
  let output: Output | string;
  try {
    output = translate(asYaml(docs), { from, to });
  } catch (e) {
    return { crash: `convert fails: ${e instanceof Error ? e.stack : e}` };
  }
  if (typeof output === 'string') return undefined;
  const { rejected = [], error } = await witnesses.controlPlane.ask(output.yaml, []);
  if (error !== undefined || rejected.length > 0)
    return {
      crash: `output refused: ${error ?? rejected.map((v) => `${v.object} by ${v.by}: ${v.reason}`).join('; ')}\n${output.yaml}`,
    };
  return output;
}

/** A quarter of the requests that can be. */
const overHttp2 = (r: Random) => {
  const drawn = Array.from({ length: 4 * REQUESTS }, () => chance(r, 0.25));
  return ({ requests, results }: Predicted, i: number): boolean =>
    drawn[i] === true && results[i]?.status !== undefined && results[i]?.l4 === undefined && fitsHttp2(requests[i]!);
};

async function predicted(
  name: string,
  yaml: string,
  requests: readonly GatewayRequest[],
  isHttp2?: (question: Predicted, i: number) => boolean,
) {
  try {
    const question = await predict(name, yaml, requests);
    return isHttp2 ? { ...question, http2: (i: number) => isHttp2(question, i) } : question;
  } catch (e) {
    return { name, yaml, crash: e instanceof Error ? (e.stack ?? e.message).slice(0, 600) : String(e) };
  }
}

export const parsed = (yaml: string): Doc[] =>
  parseAllDocuments(yaml, { version: '1.1' }).flatMap((d) => {
    const doc = JSON.parse(JSON.stringify(d.toJS())) as Doc | null;
    return doc?.kind && doc.metadata ? [doc] : [];
  });

// Kubernetes reads YAML 1.1 words (`yes`, `n`) as booleans.
export const asYaml = (docs: readonly Doc[]): string =>
  docs.map((d) => stringify(d, { version: '1.1', aliasDuplicateObjects: false })).join('---\n');

function casesIn(folder: string): Case[] {
  const root = join('fixtures/truth', folder);
  return readdirSync(root)
    .filter((name) => existsSync(join(root, name, 'input.yaml')))
    .map((name) => {
      const exchanges = join(root, name, 'exchanges.json');
      return {
        name,
        docs: parsed(readFileSync(join(root, name, 'input.yaml'), 'utf8')),
        requests: existsSync(exchanges)
          ? (JSON.parse(readFileSync(exchanges, 'utf8')) as { request: GatewayRequest }[]).map((e) => e.request)
          : [],
      };
    });
}
