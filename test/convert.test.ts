// Translations found by folder: fixtures/convert/<from>-to-<to>/<case>/input.yaml → expected.yaml and losses.txt, with the flags of
// options.json where there is one (`implementation` is both what is read and what is written, as on the command line). And what holds of
// all of them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyTranslation } from '../src/api/verify.js';
import { writerOf } from '../src/api/writers.js';
import { convert, type Translation } from '../src/convert/convert.js';
import { plan } from '../src/convert/plan.js';
import type { Source, Target } from '../src/convert/scope.js';
import { toYaml } from '../src/convert/to-yaml.js';
import type { ReadOptions, WriteOptions } from '../src/dialects/dialect.js';
import { recogniseDocument } from '../src/dialects/registry.js';
import { crdProblems } from '../src/lint/cel.js';
import { formatPath, formatResource } from '../src/model/index.js';
import { type Catalog, catalogOf } from '../src/resources/catalog.js';
import { locate, parseSource, validateResource } from './convert/sources.js';

const ROOT = 'fixtures/convert';
const OPTIONS = { defaultTlsSecret: { namespace: 'istio-system', name: 'default-cert' } };

interface Case {
  readonly name: string;
  readonly folder: string;
  readonly from: Source;
  readonly to: Target;
}

const cases: Case[] = readdirSync(ROOT).flatMap((route) => {
  const [from, to] = route.split('-to-') as [Source, Target];
  return readdirSync(join(ROOT, route)).map((name) => ({
    name: `${route}/${name}`,
    folder: join(ROOT, route, name),
    from,
    to,
  }));
});

const inputOf = (c: Case) => readFileSync(join(c.folder, 'input.yaml'), 'utf8');
const catalogOfText = (text: string): Catalog =>
  catalogOf(parseSource('input.yaml', text, undefined, recogniseDocument).resources);
const optionsOf = (c: Case): WriteOptions => {
  const file = join(c.folder, 'options.json');
  return { ...OPTIONS, ...(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}) };
};
const readOptionsOf = (c: Case): ReadOptions => {
  const { implementation } = optionsOf(c);
  return implementation ? { implementation } : {};
};
const translateCatalog = (c: Case, catalog: Catalog): Translation =>
  convert(catalog, { from: c.from, to: c.to }, writerOf, readOptionsOf(c), optionsOf(c));
const translate = (c: Case, text: string): Translation => translateCatalog(c, catalogOfText(text));
const yamlOf = (t: Translation): string => toYaml(t.objects, t.origins, locate, t.remarks);

/** One line per field: nothing of the input is missing here. */
const lossesOf = (t: Translation): string =>
  `${t.items.map((i) => `${i.severity.padEnd(11)} ${formatResource(i.origin.resource)} ${formatPath(i.origin.path)}${i.severity === 'exact' ? '' : `\n            ${i.feature}: ${i.message}`}`).join('\n')}\n`;

test('there are cases of several routes', () => {
  expect(new Set(cases.map((c) => `${c.from}-to-${c.to}`)).size).toBeGreaterThanOrEqual(5);
});

describe.each(cases)('$name', (c) => {
  test('output and report are as expected', async () => {
    const t = translate(c, inputOf(c));
    await expect(yamlOf(t)).toMatchFileSnapshot(join('..', c.folder, 'expected.yaml'));
    await expect(lossesOf(t)).toMatchFileSnapshot(join('..', c.folder, 'losses.txt'));
  });

  test('converting twice gives the same bytes', () => {
    expect(yamlOf(translate(c, inputOf(c)))).toBe(yamlOf(translate(c, inputOf(c))));
  });

  if (c.to !== 'envoy') {
    test('the output fits the schema of the target', () => {
      const output = parseSource('output.yaml', yamlOf(translate(c, inputOf(c))));
      expect(output.diagnostics).toEqual([]);
      const messages = output.resources
        .flatMap((r) => [...validateResource(r), ...crdProblems(r)])
        .map((d) => d.message);
      // The schemas are those of the standard channel of 1.6.
      const isExperimental = (m: string) =>
        /^`spec\.rules\[\d+\]\.retry` needs Gateway API 1\.7 or the experimental channel/.test(m);
      expect(messages.filter((m) => !(optionsOf(c).allowExperimental && isExperimental(m)))).toEqual([]);
    });
  }

  test('verify: no difference that the report does not announce', () => {
    const catalog = catalogOfText(inputOf(c));
    const t = translateCatalog(c, catalog);
    const verified = verifyTranslation({ catalog, options: readOptionsOf(c) }, t);
    expect(
      verified.differences
        .filter((d) => d.announcedBy.length === 0)
        .map((d) => JSON.stringify([d.request, d.before, d.after])),
    ).toEqual([]);
  });

  test('the plan has a verdict for each object', () => {
    const t = translate(c, inputOf(c));
    const { objects, decisions, tasks } = plan(t);
    expect(objects.length).toBeGreaterThan(0);
    const said = new Set([
      ...[...decisions, ...tasks].map(({ feature }) => feature),
      ...objects.flatMap(({ why }) => why.map(({ feature }) => feature)),
      // Fields of a rule wait for what closes it, or leaves it out.
      ...['field.closed', 'field.left-out'],
    ]);
    const refused = t.items.filter((i) => i.severity === 'refused');
    expect(refused.filter((i) => !said.has(i.feature))).toEqual([]);
    for (const { verdict, decisions: open, why } of objects)
      expect(verdict).toBe(why.length > 0 ? 'cannot move' : open.length > 0 ? 'ready after decisions' : 'ready');
  });
});

test('--allow-envoyfilter writes the limits of request bodies, and only then', () => {
  const catalog = catalogOfText(readFileSync('fixtures/truth/ingress-nginx/nginx-11-004/input.yaml', 'utf8'));
  const filters = (allowEnvoyFilter: boolean) =>
    convert(catalog, { from: 'ingress', to: 'istio' }, writerOf, {}, { ...OPTIONS, allowEnvoyFilter }).objects.filter(
      (o) => o.kind === 'EnvoyFilter',
    );
  expect(filters(false)).toEqual([]);
  expect(JSON.stringify(filters(true))).toContain('"max_request_bytes":1024');
});
