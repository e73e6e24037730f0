// Outputs over all recorded cases: they fit the target's schema, lint finds no error in them that the input did not have, converting
// twice gives the same bytes, and a translation without losses there and back answers as the input does.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { outputGateways, verifyTranslation } from '../src/api/verify.js';
import { writerOf } from '../src/api/writers.js';
import { convert, type Translation } from '../src/convert/convert.js';
import type { ConversionItem } from '../src/convert/item.js';
import { kept, type Source, type Target } from '../src/convert/scope.js';
import { inOneSpelling } from '../src/convert/spelling.js';
import { toYaml } from '../src/convert/to-yaml.js';
import { readGateways } from '../src/dialects/read.js';
import { diffConfigs } from '../src/diff/index.js';
import { runLint } from '../src/lint/run.js';
import { type Catalog, catalogOf } from '../src/resources/catalog.js';
import { locate, parseSource, validateResource } from './convert/sources.js';
import { type Recording, recordingsOf } from './truth/recordings.js';

const OPTIONS = { defaultTlsSecret: { namespace: 'istio-system', name: 'default-cert' } };
const textOf = (t: Translation) => toYaml(t.objects, t.origins, locate);

const FOLDERS: readonly [folder: string, from: Source, to: Source][] = [
  ['ingress-nginx', 'ingress', 'istio'],
  ['istio/ingress', 'ingress', 'istio'],
  ['istio/gateway-api', 'gateway-api', 'istio'],
  ['istio/match', 'istio', 'istio'],
  ['istio/hosts', 'istio', 'istio'],
  ['istio/l4', 'istio', 'istio'],
  ['traefik/ingress', 'traefik', 'istio'],
  ['traefik/ingressroute', 'traefik', 'istio'],
  ['traefik/middleware', 'traefik', 'istio'],
  ['traefik/tcp', 'traefik', 'istio'],
  ['traefik/ingress', 'traefik', 'gateway-api'],
  ['traefik/ingressroute', 'traefik', 'gateway-api'],
  ['traefik/middleware', 'traefik', 'gateway-api'],
  ['traefik/tcp', 'traefik', 'gateway-api'],
  ['kong/ingress', 'kong', 'istio'],
  ['kong/gateway-api', 'kong', 'istio'],
  ['kong/plugins', 'kong', 'istio'],
  ['kong/rewrite', 'kong', 'istio'],
  ['kong/ingress', 'kong', 'gateway-api'],
  ['kong/gateway-api', 'kong', 'gateway-api'],
  ['kong/plugins', 'kong', 'gateway-api'],
  ['kong/rewrite', 'kong', 'gateway-api'],
];

/** Of Kong, which is slow to translate, some; all with `TRUTH_VARIANTS=all`. */
function casesOf(folder: string): readonly string[] {
  const names = readdirSync(join('fixtures/truth', folder));
  const step = folder.startsWith('kong/') && process.env.TRUTH_VARIANTS !== 'all' ? Math.ceil(names.length / 7) : 1;
  return names.filter((_, i) => i % step === 0);
}

async function errorsOf(catalog: Catalog, flags: Recording['flags'] = {}): Promise<Set<string>> {
  const { gateways, notes } = readGateways(catalog, { flags });
  const sources = { resources: catalog.all, diagnostics: [], files: 1 };
  const { diagnostics } = await runLint({ catalog, sources, gateways, notes }, {});
  // A reference that leads nowhere is the input's mistake; the target may have another word for it.
  const inherited = new Set(['MGW0102', 'MGW0103', 'MGW0104']);
  return new Set(
    diagnostics.filter((d) => d.severity === 'error' && !inherited.has(d.code)).map((d) => `${d.code} ${d.message}`),
  );
}

for (const [folder, from, to] of FOLDERS)
  test(`${folder}: ${from} to ${to} is valid, and the same when written again`, async () => {
    const root = join('fixtures/truth', folder);
    const names = casesOf(folder);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const file = join(root, name, 'input.yaml');
      const catalog = catalogOf(parseSource(file, readFileSync(file)).resources);
      const { flags } = recordingsOf(join(root, name))[0]!;
      const text = textOf(convert(catalog, { from, to }, writerOf, { flags }, OPTIONS));
      expect(textOf(convert(catalog, { from, to }, writerOf, { flags }, OPTIONS))).toBe(text);
      const output = parseSource('output.yaml', text);
      expect(output.diagnostics, name).toEqual([]);
      expect(
        output.resources.flatMap((r) => validateResource(r)).map((d) => d.message),
        name,
      ).toEqual([]);
      const before = await errorsOf(catalog, flags);
      const after = await errorsOf(catalogOf([...kept(catalog), ...output.resources]), flags);
      expect(
        [...after].filter((e) => !before.has(e)),
        name,
      ).toEqual([]);
    }
  }, 300_000);

/** A file per object, so that only their order changes, not their places. */
function inOrder(folder: string, change: (files: [string, string][]) => [string, string][]): Catalog {
  const documents = readFileSync(join(folder, 'input.yaml'), 'utf8').split(/^---\s*$/m);
  const files = change(documents.map((text, i): [string, string] => [`${i}.yaml`, text]));
  return catalogOf(
    files.flatMap(([file, text]) => parseSource(file, text).resources).map((r, order) => ({ ...r, order })),
  );
}

const ORDERS: readonly [folder: string, from: Source, to: Target][] = [
  ...FOLDERS.filter(([folder, , to]) => !folder.startsWith('kong/') || to === 'istio'),
  ['ingress-nginx', 'ingress', 'gateway-api'],
  ['istio/ingress', 'ingress', 'gateway-api'],
  ['istio/match', 'istio', 'gateway-api'],
  ['istio/merge', 'istio', 'istio'],
  ['istio/match', 'istio', 'envoy'],
  ['istio/gateway-api', 'gateway-api', 'ingress'],
];

for (const [folder, from, to] of ORDERS)
  test(`${folder}: ${from} to ${to} gives the same bytes whatever the order of the files`, () => {
    const root = join('fixtures/truth', folder);
    const different = casesOf(folder).filter((name) => {
      const text = (change: (files: [string, string][]) => [string, string][]) =>
        textOf(convert(inOrder(join(root, name), change), { from, to }, writerOf, {}, OPTIONS));
      return text((files) => files) !== text((files) => files.toReversed());
    });
    expect(different).toEqual([]);
  }, 300_000);

/** Told, and nothing of it shows at the gateway: fields that no request depends on, what stays behind, a workload that is another. */
const UNSEEN = new Set<ConversionItem['key']>([
  'field.no-effect',
  'object.not-served',
  'gateway.workload',
  'virtualservice.mesh',
]);
const isSeen = ({ key }: ConversionItem): boolean => key !== undefined && !UNSEEN.has(key);

/** There by `to`, back by `from`. To an Ingress none is without a loss: it says neither ports nor how paths are normalised. */
const JOURNEYS: readonly [folder: string, from: Source, to: Source, least: number][] = [
  ['istio/match', 'istio', 'gateway-api', 8],
  ['istio/hosts', 'istio', 'gateway-api', 20],
  ['istio/merge', 'istio', 'gateway-api', 2],
  ['istio/gateway-api', 'gateway-api', 'istio', 12],
];

for (const [folder, from, to, least] of JOURNEYS)
  test(`${folder}: ${from} to ${to} and back keeps the meaning where no loss was reported`, () => {
    const root = join('fixtures/truth', folder);
    let journeys = 0;
    for (const name of readdirSync(root)) {
      const catalog = catalogOf(parseSource('input.yaml', readFileSync(join(root, name, 'input.yaml'))).resources);
      const there = convert(catalog, { from, to }, writerOf, {}, OPTIONS);
      if (there.items.some(isSeen)) continue;
      const middle = catalogOf([...kept(catalog), ...parseSource('middle.yaml', textOf(there)).resources]);
      const back = convert(middle, { from: to, to: from }, writerOf, {}, OPTIONS);
      if (back.items.some(isSeen)) continue;
      journeys++;
      const found = verifyTranslation({ catalog: middle } as never, back);
      expect(found.differences, name).toEqual([]);
      const renamed = (id: string) => {
        const on = there.renamed.get(id) ?? id;
        return back.renamed.get(on) ?? on;
      };
      const home = outputGateways({ catalog: middle } as never, back);
      const pairs = there.gateways.map((g): [string, string] => {
        const id = renamed(g.id);
        return [g.id, home.find((a) => a.id === id || a.aliases?.includes(id))?.id ?? ''];
      });
      const whole = diffConfigs(inOneSpelling(there.gateways), inOneSpelling(home), { pairs });
      expect(
        whole.differences.map((d) => [d.request, d.before, d.after]),
        name,
      ).toEqual([]);
    }
    expect(journeys).toBeGreaterThanOrEqual(least);
  }, 300_000);
