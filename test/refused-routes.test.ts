// What Envoy refuses of the routes that Istio writes: each configuration was asked of the real control plane and Envoy 1.40, and those of
// `refused` were refused, those of `taken` were not (fixtures/refused-routes: one document of a route each, beside the same gateway).

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import { unknownsOf } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

const ROOT = 'fixtures/refused-routes';
const around = readFileSync(join(ROOT, 'gateways.yaml'), 'utf8');

function refusalsOf(file: string): string[] {
  const { resources } = parseSource(file, `${around}---\n${readFileSync(file, 'utf8')}`);
  return readGateways(catalogOf(resources))
    .gateways.flatMap(unknownsOf)
    .map(({ feature, detail }) => `${feature}: ${detail}`);
}

const filesOf = (verdict: string): string[] =>
  readdirSync(join(ROOT, verdict)).map((name) => join(ROOT, verdict, name));

for (const file of filesOf('refused'))
  test(file, () => {
    const refusals = refusalsOf(file);
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toMatch(
      /^route\.refused\..*: Envoy refuses the routes of the whole port, which keep their last good state/,
    );
  });

for (const file of filesOf('taken')) test(file, () => expect(refusalsOf(file)).toEqual([]));
