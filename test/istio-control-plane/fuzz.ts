// Looks for differences between `meshgw simulate` and the real system in configurations that nobody has recorded.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import type { GatewayRequest } from '../../src/model/index.js';
import { generateConfig, generateRequest, type Random, randomFrom } from '../envoy/generate.js';
import { generatePolicies, generatePolicyRequest } from '../envoy/generate-policies.js';
import { type TokenPool, tokenPool } from '../envoy/tokens.js';
import { interrogate, type Witnesses } from './interrogate.js';
import { chance, type Doc, mutate, type Pool, pick, poolOf } from './mutate.js';
import { requestNear, wordsOf } from './requests-near.js';
import { compare, inWords, type Predicted, predict } from './simulated.js';

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
  const chosen =
    folders.length > 0
      ? folders
      : ['match', 'action', 'hosts', 'merge', 'ingress', 'gateway-api', 'mixed', 'l4', 'policy'];
  const tokens = await tokenPool();
  const recorded = new Map(chosen.flatMap((f) => (isMade(f) ? [] : [[f, casesIn(f)] as const])));
  const pool = poolOf([...recorded.values()].flat().flatMap((c) => c.docs));
  const end = Date.now() + Number(seconds) * 1000;
  const keep = join('.cache/istio-control-plane/found', seed);
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
        const { docs, left } = await admitted(witnesses, made.docs);
        refused += left;
        return predicted(`${folder}-${round}-${n}`, docs, requests);
      }),
    );
    const usable: Predicted[] = [];
    // Without any Service, meshgw takes files as not saying which exist (docs/design.md); Istio takes it that none does.
    for (const q of questions)
      if (!q.yaml.includes('kind: Service\n')) continue;
      else if ('crash' in q) {
        differing++;
        write(keep, q.name, q.yaml, [q.crash]);
        console.log(`${q.name}: simulate fails: ${q.crash}`);
      } else usable.push(q);
    await interrogate(usable, witnesses, (told) => {
      const question = told.question as Predicted;
      configs++;
      asked += told.results.length;
      const found = compare(question, told);
      const lines = [
        ...(told.failed ? [`${question.name}: ${told.failed}`] : []),
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
  writeFileSync(join(keep, `${name}.yaml`), `${lines.map((l) => `# ${l}`).join('\n')}\n${yaml}`);
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
  const docs = mutate(r, both, pool, 1 + Math.floor(r() * 8));
  const requests = [...one.requests, ...(other?.requests ?? [])];
  return {
    docs,
    requests: (d) => {
      const words = wordsOf(d);
      return Array.from({ length: REQUESTS }, () => requestNear(r, words, requests, one.requests[0]?.gateway));
    },
  };
}

/** What the API server and Istio's webhook let in; of two objects with one name the last. */
async function admitted(witnesses: Witnesses, docs: readonly Doc[]): Promise<{ docs: Doc[]; left: number }> {
  const named = new Map(docs.map((d) => [identityOf(d), d]));
  const all = [...named.values()];
  const { rejected = [] } = await witnesses.controlPlane.ask(asYaml(all), []);
  const bad = new Set(rejected.map((v) => v.object));
  return { docs: all.filter((d) => !bad.has(identityOf(d))), left: bad.size };
}

const CLUSTER_SCOPED = /^(Namespace|IngressClass|GatewayClass)$/;
const identityOf = ({ kind, metadata }: Doc): string => {
  const { namespace = 'default', name } = metadata as Doc;
  return `${kind} ${CLUSTER_SCOPED.test(String(kind)) ? '' : namespace}/${name}`;
};

async function predicted(name: string, docs: readonly Doc[], requests: readonly GatewayRequest[]) {
  const yaml = asYaml(docs);
  try {
    return await predict(name, yaml, requests);
  } catch (e) {
    return { name, yaml, crash: e instanceof Error ? (e.stack ?? e.message).slice(0, 600) : String(e) };
  }
}

const parsed = (yaml: string): Doc[] => parseAllDocuments(yaml, { version: '1.1' }).map((d) => d.toJS() as Doc);

// Kubernetes reads YAML 1.1 words (`yes`, `n`) as booleans.
const asYaml = (docs: readonly Doc[]): string =>
  docs.map((d) => stringify(d, { version: '1.1', aliasDuplicateObjects: false })).join('---\n');

function casesIn(folder: string): Case[] {
  const root = join('fixtures/truth/istio', folder);
  return readdirSync(root).map((name) => ({
    name,
    docs: parsed(readFileSync(join(root, name, 'input.yaml'), 'utf8')).map((d) => JSON.parse(JSON.stringify(d)) as Doc),
    requests: (
      JSON.parse(readFileSync(join(root, name, 'exchanges.json'), 'utf8')) as { request: GatewayRequest }[]
    ).map((e) => e.request),
  }));
}
