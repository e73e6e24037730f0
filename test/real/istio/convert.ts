// What convert writes, run by the real system: Istio takes every object, and each recorded request gets the answer that
// `simulate` (and so `--verify`) says.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writerOf } from '../../../src/api/writers.js';
import { convert } from '../../../src/convert/convert.js';
import { kept, type Source, type Target } from '../../../src/convert/scope.js';
import { toYaml } from '../../../src/convert/to-yaml.js';
import { pairsOf } from '../../../src/convert/verify.js';
import { CannotRunError } from '../../../src/diagnostics/index.js';
import type { ReadOptions } from '../../../src/dialects/dialect.js';
import { readGateways } from '../../../src/dialects/read.js';
import { profileOf } from '../../../src/dialects/registry.js';
import type { GatewayRequest } from '../../../src/model/index.js';
import { catalogOf } from '../../../src/resources/catalog.js';
import { locate, parseSource } from '../../../src/sources/index.js';
import { recordingsOf } from '../../truth/recordings.js';
import { interrogate, type Witnesses } from './interrogate.js';
import { compare, inWords, type Predicted, predict } from './simulated.js';

interface Run {
  readonly folder: string;
  readonly from: Source;
  readonly to: Target;
}

const RUNS: readonly Run[] = [
  { folder: 'ingress-nginx', from: 'ingress', to: 'istio' },
  { folder: 'ingress-nginx', from: 'ingress', to: 'gateway-api' },
  { folder: 'istio/ingress', from: 'ingress', to: 'istio' },
  { folder: 'istio/ingress', from: 'ingress', to: 'gateway-api' },
  { folder: 'istio/gateway-api', from: 'gateway-api', to: 'istio' },
  ...['ingress', 'ingressroute', 'middleware', 'tcp'].flatMap((area): Run[] => [
    { folder: `traefik/${area}`, from: 'traefik', to: 'istio' },
    { folder: `traefik/${area}`, from: 'traefik', to: 'gateway-api' },
  ]),
  ...['ingress', 'gateway-api', 'rewrite', 'plugins'].flatMap((area): Run[] => [
    { folder: `kong/${area}`, from: 'kong', to: 'istio' },
    { folder: `kong/${area}`, from: 'kong', to: 'gateway-api' },
  ]),
  ...['match', 'action', 'hosts', 'merge', 'l4', 'mixed', 'policy'].flatMap((area): Run[] => [
    { folder: `istio/${area}`, from: 'istio', to: 'gateway-api' },
    { folder: `istio/${area}`, from: 'istio', to: 'istio' },
  ]),
];

/** `convert [text …]`: the runs whose folder and direction contain every text (`ingress-nginx to-istio`); all by default. */
export async function checkConversions(witnesses: Witnesses, wanted: readonly string[]): Promise<boolean> {
  let all = true;
  for (const run of RUNS) {
    const title = `${run.folder} ${run.from}-to-${run.to}`;
    if (!wanted.every((w) => title.includes(w))) continue;
    const lines: string[] = [];
    const predicted: Predicted[] = [];
    for (const name of readdirSync(join('fixtures/truth', run.folder))) {
      const question = await translated(join('fixtures/truth', run.folder, name), run);
      if (typeof question === 'string') lines.push(`${name}: ${question}`);
      else predicted.push(question);
    }
    let asked = 0;
    let same = 0;
    let refused = 0;
    await interrogate(predicted, witnesses, (told) => {
      if (process.env.KEEP) {
        mkdirSync(process.env.KEEP, { recursive: true });
        writeFileSync(
          join(process.env.KEEP, `${told.question.name.replaceAll('/', '_')}-${run.to}.yaml`),
          told.question.yaml,
        );
      }
      if (told.failed) lines.push(`${told.question.name}: ${told.failed}`);
      for (const v of told.rejected) {
        refused++;
        lines.push(`${told.question.name}: ${v.object} refused by ${v.by}: ${v.reason}`);
      }
      for (const v of process.env.WARNINGS ? told.warnings : [])
        lines.push(`${told.question.name}: ${v.object} warned of by ${v.by}: ${v.reason}`);
      const found = compare(told.question as Predicted, told);
      asked += told.results.length;
      same += told.results.length - found.length;
      lines.push(...found.map((f) => inWords(told.question as Predicted, f)));
    });
    console.log(
      `${title}: ${same} of ${asked} answers as simulated, ${refused} objects refused, ${predicted.length} cases`,
    );
    for (const line of lines.slice(0, Number(process.env.SHOW ?? 10))) console.log(`  ${line}`);
    all &&= lines.length === 0;
  }
  return all;
}

/** The output of one case beside what stays, with the recorded requests; or why there is none. */
async function translated(folder: string, run: Run): Promise<Predicted | string> {
  const { flags } = recordingsOf(folder)[0]!;
  const output = translate(readFileSync(join(folder, 'input.yaml'), 'utf8'), run, { flags });
  if (typeof output === 'string') return output;
  const recorded = JSON.parse(readFileSync(join(folder, 'exchanges.json'), 'utf8')) as { request: GatewayRequest }[];
  const requests = recorded.flatMap(({ request }) => output.asked(request) ?? []);
  return predict(folder.slice('fixtures/truth/'.length), output.yaml, requests);
}

const names = (dialect: Source, group: string): boolean =>
  profileOf(dialect).kinds?.some((kinds) => kinds.group === group) === true;

export interface Output {
  /** What convert wrote, and what stays beside it. */
  readonly yaml: string;
  /** The request as it is asked of the output; undefined where no gateway of the output takes the place of its own. */
  asked(request: GatewayRequest): GatewayRequest | undefined;
}

/** A file through `meshgw convert`; in words why there is no output. */
export function translate(
  yaml: string,
  { from, to }: Pick<Run, 'from' | 'to'>,
  read: ReadOptions = {},
): Output | string {
  const catalog = catalogOf(parseSource('input.yaml', yaml).resources);
  const options = {
    defaultTlsSecret: { namespace: 'istio-system', name: 'default-cert' },
    ...(process.env.ALLOW ? { allowExperimental: true, allowEnvoyFilter: true } : {}),
  };
  let translation: ReturnType<typeof convert>;
  try {
    translation = convert(catalog, { from, to }, writerOf, read, options);
  } catch (e) {
    if (e instanceof CannotRunError) return e.message;
    throw e;
  }
  // What only the controller that is left reads says nothing to Istio.
  const stays = kept(catalog)
    .filter(({ group }) => !names(from, group) || names('istio', group) || names('gateway-api', group))
    .map((r) => stringify(r.object, { version: '1.1', aliasDuplicateObjects: false }));
  // What the installation of the control plane has to hold.
  const installed = translation.installation ? [stringify(translation.installation)] : [];
  const output = [toYaml(translation.objects, translation.origins, locate), ...installed, ...stays].join('\n---\n');
  const after = readGateways(catalogOf(parseSource('output.yaml', output).resources), read).gateways.filter(
    (g) => g.dialect !== 'service',
  );
  const pairs = new Map(pairsOf(translation, after));
  return {
    yaml: output,
    asked({ gateway, ...request }) {
      const id = gateway ?? soleOf(translation.gateways);
      const source = translation.gateways.find((g) => g.id === id || g.aliases?.includes(id ?? ''));
      const target = source && pairs.get(source.id);
      return target === undefined ? undefined : { ...request, gateway: target };
    },
  };
}

/** The gateway that a recorded request means where it names none. */
const soleOf = (gateways: readonly { readonly id: string }[]): string | undefined =>
  gateways.find((g) => g.id === 'istio=ingressgateway' || g.id === 'ingress-nginx')?.id ?? gateways[0]?.id;
