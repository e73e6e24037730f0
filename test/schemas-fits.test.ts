// The quick look at an object's shape against the schemas as ajv compiles them: on recorded objects, and on those objects spoilt.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Resource } from '../src/model/index.js';
import { fits } from '../src/sources/schema/fits.js';
import { validateResource } from '../src/sources/schema/validate.js';
import { parseSource } from './convert/sources.js';

const inputs = ['istio', 'ingress-nginx', 'validate'].flatMap((area) =>
  readdirSync(join('fixtures/truth', area), { recursive: true, encoding: 'utf8' })
    .filter((name) => /input\.ya?ml$/.test(name))
    .map((name) => join('fixtures/truth', area, name)),
);
const resources = inputs
  .filter((_, i) => i % 5 === 0)
  .flatMap((file) => parseSource('input.yaml', readFileSync(file)).resources);

const isRight = (resource: Resource): boolean => validateResource(resource).length === 0;

test('says no to all that ajv refuses, and yes to what people write', () => {
  expect(resources.length).toBeGreaterThan(300);
  const wrong = resources.filter((r) => fits(r) && !isRight(r));
  expect(wrong.map((r) => `${r.kind} ${r.namespace}/${r.name}`)).toEqual([]);
  const doubted = resources.filter((r) => !fits(r) && isRight(r));
  expect(doubted.map((r) => `${r.kind} ${r.namespace}/${r.name}`)).toEqual([]);
});

/** The object with one value put in the place of another, all over it in turn. */
function* spoilt(resource: Resource): Generator<Resource> {
  const values = [null, 7, -1, 'a', true, [], {}, { a: 1 }, 1.5, 2 ** 40];
  for (let n = 0; ; n++) {
    const object = structuredClone(resource.object) as Record<string, unknown>;
    let count = 0;
    const visit = (value: unknown): boolean => {
      if (typeof value !== 'object' || value === null) return false;
      const holder = value as Record<string, unknown>;
      return Object.keys(holder).some((key) => {
        if (count++ === n) {
          holder[key] = values[n % values.length];
          return true;
        }
        return visit(holder[key]);
      });
    };
    if (!visit(object.spec ?? {})) return;
    yield { ...resource, object: object as Resource['object'] };
  }
}

test('agrees with ajv on spoilt objects', () => {
  let tried = 0;
  const wrong: string[] = [];
  for (const resource of resources.filter((_, i) => i % 10 === 0))
    for (const bad of spoilt(resource)) {
      tried++;
      if (fits(bad) && !isRight(bad)) wrong.push(`${bad.kind} ${JSON.stringify(bad.object.spec)}`);
    }
  expect(tried).toBeGreaterThan(500);
  expect(wrong).toEqual([]);
});
