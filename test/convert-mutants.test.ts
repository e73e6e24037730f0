// The verification is itself verified: the output of a translation is damaged (a rule dropped, two swapped, a path changed), and wherever
// recorded requests show that the meaning changed, verify has to say so. A sample of the cases; MUTANTS_EVERY=1 takes all of them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyTranslation } from '../src/cli/verify.js';
import { writerOf } from '../src/cli/writers.js';
import { convert, type Translation } from '../src/convert/convert.js';
import type { Source } from '../src/convert/scope.js';
import { kept } from '../src/convert/scope.js';
import { toYaml } from '../src/convert/to-yaml.js';
import { readGateways } from '../src/dialects/read.js';
import type { GatewayRequest } from '../src/model/index.js';
import { type Catalog, catalogOf } from '../src/resources/catalog.js';
import { compile, decide, toResult } from '../src/simulate/index.js';
import { locate, parseSource } from '../src/sources/index.js';

type Rule = Record<string, unknown> & { match?: { uri?: Record<string, string> }[] };
type Service = { kind: string; spec: { http?: Rule[] } };

/** Every damage to every VirtualService of the output: the damaged copy of all objects, and what was done. */
function* mutants(objects: Translation['objects']): Generator<[what: string, objects: Translation['objects']]> {
  for (const [o, object] of objects.entries()) {
    const { http } = (object as unknown as Service).spec ?? {};
    if (object.kind !== 'VirtualService' || !http) continue;
    const damaged = (change: (http: Rule[]) => void): Translation['objects'] => {
      const copy = structuredClone(objects) as unknown as Service[];
      change(copy[o]!.spec.http!);
      return copy as unknown as Translation['objects'];
    };
    for (const [i, rule] of http.entries()) {
      if (http.length > 1) yield [`rule ${i} dropped`, damaged((h) => h.splice(i, 1))];
      if (i + 1 < http.length)
        yield [`rules ${i} and ${i + 1} swapped`, damaged((h) => ([h[i], h[i + 1]] = [h[i + 1]!, h[i]!]))];
      for (const [m, match] of (rule.match ?? []).entries()) {
        const kind = match.uri && Object.keys(match.uri)[0];
        if (kind && kind !== 'regex')
          yield [`path of rule ${i} match ${m} changed`, damaged((h) => void (h[i]!.match![m]!.uri![kind] += 'x'))];
      }
    }
  }
}

const answers = (objects: Translation['objects'], catalog: Catalog, requests: readonly GatewayRequest[]): string[] => {
  const output = parseSource('output.yaml', toYaml(objects, new Map(), locate));
  const { gateways } = readGateways(catalogOf([...kept(catalog), ...output.resources]));
  const gateway = gateways.find((g) => g.id === 'istio=ingressgateway');
  if (!gateway) return requests.map(() => 'none');
  const compiled = compile(gateway);
  return requests.map((request) => {
    const { matched: _, route: __, ...result } = toResult(decide(compiled, request, { now: 0 }), request);
    return JSON.stringify(result);
  });
};

const SAMPLES: readonly [folder: string, from: Source, every: number][] = [
  ['istio/merge', 'istio', 9],
  ['istio/ingress', 'ingress', 9],
  ['ingress-nginx', 'ingress', 26],
];

for (const [folder, from, every] of SAMPLES)
  test(`damage to translations of ${folder} is caught wherever it changes the meaning`, () => {
    const root = join('fixtures/truth', folder);
    let harmful = 0;
    const missed: string[] = [];
    for (const name of readdirSync(root).filter((_, i) => i % Number(process.env.MUTANTS_EVERY ?? every) === 0)) {
      const catalog = catalogOf(parseSource('input.yaml', readFileSync(join(root, name, 'input.yaml'))).resources);
      const translation = convert(
        catalog,
        from,
        'istio',
        writerOf,
        {},
        { defaultTlsSecret: { namespace: 'istio-system', name: 'c' } },
      );
      const requests = (
        JSON.parse(readFileSync(join(root, name, 'exchanges.json'), 'utf8')) as { request: GatewayRequest }[]
      )
        .map((e) => e.request)
        .filter((r) => r.gateway === undefined);
      const whole = answers(translation.objects, catalog, requests);
      const known = verifyTranslation({ catalog } as never, translation).differences.length;
      for (const [what, objects] of mutants(translation.objects)) {
        const changed = answers(objects, catalog, requests).some((a, i) => a !== whole[i]);
        if (!changed) continue;
        harmful++;
        const verified = verifyTranslation({ catalog } as never, { ...translation, objects });
        // Caught: a difference that the intact output does not have, and that nobody announced.
        if (verified.unannounced === 0 && verified.differences.length <= known) missed.push(`${name}: ${what}`);
      }
    }
    expect(harmful).toBeGreaterThan(5);
    expect(missed).toEqual([]);
  }, 900_000);
