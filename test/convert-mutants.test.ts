// The verification is itself verified: the output of a translation is damaged in every possible place, and wherever recorded requests or
// diff's own proof show that the meaning changed, verify has to say so. A sample; `npm run fuzz:convert` takes every case.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseGateway } from '../src/api/choose-gateway.js';
import { writerOf } from '../src/api/writers.js';
import { looksAlike } from '../src/convert/answers.js';
import { convert } from '../src/convert/convert.js';
import { FEATURES } from '../src/convert/features/index.js';
import { kept, type Source, type Target } from '../src/convert/scope.js';
import { toYaml } from '../src/convert/to-yaml.js';
import { expectationOf, pairsOf, unexplained } from '../src/convert/verify.js';
import { readGateways } from '../src/dialects/read.js';
import { recogniseDocument } from '../src/dialects/registry.js';
import { diffConfigs } from '../src/diff/index.js';
import type { EffectiveGateway, GatewayRequest, SimulationResult } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { compile, decide, toResult } from '../src/simulate/index.js';
import { locate, parseSource } from '../src/sources/index.js';
import { damages, type Objects } from './convert/damage.js';

interface Tally {
  harmful: number;
  /** Of the harmful ones: no recorded request shows it, only a proof. */
  byProof: number;
  readonly missed: string[];
}

/** `stride`: one of so many damages. */
interface Sample {
  readonly from: Source;
  readonly to: Target;
  readonly stride: number;
  readonly start: number;
}

/** Damages the translation of one case. */
function damageCase(folder: string, { from, to, stride, start }: Sample, tally: Tally): void {
  const input = join(folder, from === 'envoy' ? 'config_dump.json' : 'input.yaml');
  const catalog = catalogOf(parseSource(input, readFileSync(input), undefined, recogniseDocument).resources);
  const options = { defaultTlsSecret: { namespace: 'istio-system', name: 'default-cert' } };
  const translation = convert(catalog, { from, to }, writerOf, {}, options);
  const expected = expectationOf(translation, locate);
  const requests = (
    JSON.parse(readFileSync(join(folder, 'exchanges.json'), 'utf8')) as { request: GatewayRequest }[]
  ).map(({ request: { gateway: asked, ...request } }) => {
    const gateway = chooseGateway(translation.gateways, asked).id;
    return { gateway, request, before: expected.answer({ gateway, request }) };
  });
  const read = (objects: Objects): readonly EffectiveGateway[] => {
    const output = parseSource('output.yaml', toYaml(objects as never, new Map(), locate));
    return readGateways(catalogOf([...kept(catalog), ...output.resources])).gateways.filter(
      (g) => g.dialect !== 'service',
    );
  };
  const answers = (after: readonly EffectiveGateway[]): SimulationResult[] => {
    const pairs = new Map(pairsOf(translation, after));
    const compiled = new Map(after.map((g) => [g.id, compile(g)]));
    return requests.map(({ gateway, request }) => {
      const target = compiled.get(pairs.get(gateway) ?? '');
      return target ? toResult(decide(target, request, { now: 0 }), request) : { connection: 'refused' };
    });
  };
  const intact = read(translation.objects);
  const whole = answers(intact);
  // Answers by the gateway itself may lose the header then; told once per configuration.
  const views = translation.items.some(({ feature }) => feature === 'hsts') ? [FEATURES.hsts.effect.view!] : [];
  const harm = (after: readonly EffectiveGateway[]): 'recorded' | 'proven' | undefined => {
    // What the source answers is no harm, and for some requests the report lets the target answer anything.
    const known = answers(after).some(
      (answer, i) =>
        !looksAlike(answer, whole[i]!, views) &&
        !looksAlike(answer, requests[i]!.before, views) &&
        !isAnnouncedAnyway(requests[i]!.request),
    );
    if (known) return 'recorded';
    const target = new Map(pairsOf(translation, after));
    const pairs = pairsOf(translation, intact).map(([id, a]): [string, string] => [a, target.get(id) ?? '']);
    const source = new Map(pairsOf(translation, intact).map(([id, a]) => [a, id]));
    const { differences } = diffConfigs(intact, after, {
      pairs,
      isExpected: (d, { id }) =>
        looksAlike(d.before, d.after, views) ||
        isAnnouncedAnyway(d.request) ||
        looksAlike(expected.answer({ gateway: source.get(id) ?? '', request: d.request }), d.after, views),
    });
    return differences.length > 0 ? 'proven' : undefined;
  };
  for (const [what, objects] of damages(translation.objects, stride, start)) {
    const after = read(objects);
    const found = harm(after);
    if (!found) continue;
    tally.harmful++;
    if (found === 'proven') tally.byProof++;
    const { differences, undecided } = unexplained(translation, expected, after, { locate });
    if (differences.length + undecided.length === 0) tally.missed.push(`${folder}: ${what} (${found})`);
  }
}

/** `engine.path-normalisation`, and `engine.tls-names` or `tls.other-hosts`. */
const isAnnouncedAnyway = ({ path, scheme, sni, host }: GatewayRequest): boolean =>
  /%|\/\/|\/\.|\\/.test(path) ||
  (scheme === 'https' && sni !== undefined && sni !== host.replace(/:\d+$/, '').toLowerCase());

const SAMPLES: readonly [folder: string, from: Source, to: Target, cases: number, stride: number][] = [
  ['ingress-nginx', 'ingress', 'istio', 26, 9],
  ['ingress-nginx', 'ingress', 'gateway-api', 26, 13],
  ['istio/ingress', 'ingress', 'gateway-api', 9, 9],
  ['istio/gateway-api', 'gateway-api', 'istio', 9, 9],
  ['istio/merge', 'istio', 'istio', 9, 5],
  ['istio/merge', 'istio', 'gateway-api', 9, 9],
  ['istio/merge', 'istio', 'ingress', 5, 3],
  ['istio/gateway-api', 'gateway-api', 'ingress', 5, 3],
  ['envoy/action', 'envoy', 'istio', 4, 3],
  ['envoy/match', 'envoy', 'gateway-api', 4, 9],
];
const { MUTANTS_EVERY, MUTANTS_STRIDE } = process.env;

for (const [folder, from, to, cases, stride] of SAMPLES)
  test(`damage to translations of ${folder}, ${from} to ${to}, is caught wherever it changes the meaning`, () => {
    const root = join('fixtures/truth', folder);
    const tally: Tally = { harmful: 0, byProof: 0, missed: [] };
    for (const [i, name] of readdirSync(root).entries())
      if (i % Number(MUTANTS_EVERY ?? cases) === 0)
        damageCase(join(root, name), { from, to, stride: Number(MUTANTS_STRIDE ?? stride), start: i }, tally);
    const { harmful, byProof, missed } = tally;
    console.log(
      `${folder} ${from} → ${to}: ${harmful} harmful damages (${byProof} by proof only), ${harmful - missed.length} caught`,
    );
    expect(harmful).toBeGreaterThan(20);
    expect(missed).toEqual([]);
  }, 7_200_000);
