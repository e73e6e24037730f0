// The conformance suite that every dialect with a writer has to pass: read → write → read keeps every decision. `diff` proves it; where
// a dialect cannot say a thing, its report has to announce exactly that difference. Configurations are found by folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyTranslation } from '../src/api/verify.js';
import { writerOf } from '../src/api/writers.js';
import { convert } from '../src/convert/convert.js';
import { dialectOf, type Source } from '../src/convert/scope.js';
import { dialects } from '../src/dialects/index.gen.js';
import { readGateways } from '../src/dialects/read.js';
import { profileOf, recogniseDocument } from '../src/dialects/registry.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

/** Where configurations of a dialect are. */
const FOLDERS: Partial<Record<Source, readonly string[]>> = {
  ingress: ['fixtures/ingress'],
  istio: ['article', 'match', 'action', 'hosts', 'merge', 'l4'].map((f) => `fixtures/truth/istio/${f}`),
  'gateway-api': ['fixtures/truth/istio/gateway-api', 'fixtures/gateway-api'],
  envoy: ['envoy-to-envoy', 'envoy-to-istio', 'envoy-to-gateway-api'].map((f) => `fixtures/convert/${f}`),
};

/** Parts that the algebra may leave undecided, over all configurations of a dialect, in percent of the configurations. */
const UNDECIDED = 5;

test('every dialect that convert reads and writes has configurations here', () => {
  const names = dialects.filter((d) => d.read && d.write && d.profile.source).map((d) => d.name);
  expect(names.sort()).toEqual(Object.keys(FOLDERS).sort());
});

/** Those that hold something to translate of a dialect, and gateways of no other. */
function* configurations(name: Source, folders: readonly string[]) {
  for (const folder of folders)
    for (const entry of readdirSync(folder)) {
      const file = join(folder, entry, 'input.yaml');
      if (!existsSync(file)) continue;
      const catalog = catalogOf(parseSource('input.yaml', readFileSync(file), 'default', recogniseDocument).resources);
      if (!catalog.all.some((r) => dialectOf(r) === name && profileOf(name).source?.part(r) === 'translated')) continue;
      // A file with Ingresses of several controllers is several gateways in one: convert's affair.
      if (readGateways(catalog).gateways.some((g) => g.dialect !== name && g.dialect !== 'service')) continue;
      yield { file, catalog };
    }
}

describe.each(Object.entries(FOLDERS) as [Source, readonly string[]][])('%s', (name, folders) => {
  test('read → write → read answers every request alike, or says for which it does not', () => {
    const broken: string[] = [];
    let [total, undecided, proven] = [0, 0, 0];
    for (const { file, catalog } of configurations(name, folders)) {
      total++;
      const translation = convert(catalog, { from: name, to: name }, writerOf, {}, {});
      const verified = verifyTranslation({ catalog } as never, translation);
      if (verified.equivalent === true) proven++;
      // What the files hold and nobody models is undecided by itself (test/unknowns.test.ts).
      if (verified.undecided.some((part) => part.unknown === undefined)) undecided++;
      for (const d of verified.differences.filter((x) => x.announcedBy.length === 0).slice(0, 2))
        broken.push(`${file}: ${JSON.stringify(d.request)} ${JSON.stringify(d.before)} → ${JSON.stringify(d.after)}`);
    }
    console.log(`${name}: ${total} configurations, ${proven} proven equivalent, ${undecided} with undecided parts`);
    expect(total).toBeGreaterThan(5);
    expect(broken.slice(0, 5)).toEqual([]);
    expect((100 * undecided) / total).toBeLessThan(UNDECIDED);
  }, 240_000);
});
