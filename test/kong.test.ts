// Kong: configurations that the real one refused as a whole are errors of lint, those that it took are none, in each router flavour.

import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import { catalogOf } from '../src/resources/catalog.js';
import { hmacSha256 } from '../src/simulate/engines/kong/sha256.js';
import { parseSource } from '../src/sources/index.js';
import { recordingsOf } from './truth/recordings.js';

const root = join(import.meta.dirname, '../fixtures/truth/kong');
const refused = join(import.meta.dirname, '../fixtures/kong/refused');

const refusals = (folder: string, flags: Readonly<Record<string, string>>): readonly string[] =>
  refusalsIn(readFileSync(join(folder, 'input.yaml'), 'utf8'), flags);

/** Each with the object it is found at: `Ingress bad: …`. */
function refusalsIn(text: string, flags: Readonly<Record<string, string>> = {}): readonly string[] {
  const { resources } = parseSource('input.yaml', Buffer.from(text));
  const { notes } = readGateways(catalogOf(resources), { flags });
  return notes
    .filter(({ code }) => code === 'kong-refused')
    .map(({ message, origin }) => `${origin.resource.kind} ${origin.resource.name}: ${message}`);
}

/**
 * What Kong said, and of which object: `refused: NAME/KIND ENTITY FIELD: WORDS | …`. The words have to be ours too, without keys that Kong
 * makes for itself.
 */
const causesIn = (verdict: string): readonly { readonly object: string; readonly cause: string }[] =>
  verdict
    .replace(/^\w+: (accepted|refused: )/, '')
    .split(' | ')
    .filter((reason) => reason !== '')
    .map((reason) => {
      const [, name, kind, words = ''] = /^(\S+)\/(\w+) (?:route|plugin) (?:[\w.]+)? ?: (.*)$/.exec(reason) ?? [];
      return { object: `${kind} ${name}`, cause: words.replace(/ 'plugins' entity with primary key .*$/, '') };
    });

const cases = (at: string): readonly string[] =>
  readdirSync(at, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(at, entry.name));

test('HMAC of SHA-256 is that of node:crypto', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 150 }), fc.uint8Array({ maxLength: 300 }), (key, text) => {
      const expected = createHmac('sha256', key).update(text).digest('hex');
      expect(Buffer.from(hmacSha256(key, text)).toString('hex')).toBe(expected);
    }),
    { seed: 1, numRuns: 300 },
  );
});

describe('configurations that Kong took', () => {
  for (const family of cases(root)) {
    test(family.slice(root.length + 1), () => {
      const wrong = cases(family).flatMap((folder) =>
        recordingsOf(folder).flatMap(({ flags, variant }) =>
          refusals(folder, flags).map((message) => `${folder.slice(root.length + 1)} ${variant}: ${message}`),
        ),
      );
      expect(wrong).toEqual([]);
    });
  }
});

describe('configurations that Kong refused', () => {
  for (const family of cases(refused)) {
    for (const folder of cases(family)) {
      test(folder.slice(refused.length + 1), () => {
        // `flavour: refused: what | more`, or `flavour: accepted`.
        const verdicts = readFileSync(join(folder, 'error.txt'), 'utf8').trim().split('\n');
        expect(verdicts.length).toBeGreaterThan(0);
        for (const verdict of verdicts) {
          const [, flavor = '', word] = /^(\w+): (refused|accepted)/.exec(verdict) ?? [];
          const found = refusals(folder, { 'kong-router-flavor': flavor });
          expect(found.length > 0 ? 'refused' : 'accepted', `${flavor}: ${found.join(' | ')}`).toBe(word);
          for (const { object, cause } of causesIn(verdict)) {
            expect(cause, verdict).not.toBe('');
            const same = found.filter((message) => message.includes(cause));
            expect(same, `${flavor}: ${found.join(' | ')}`).not.toEqual([]);
            expect(same.join(' | '), `${flavor}: ${verdict}`).toContain(object);
          }
        }
        expect(existsSync(join(folder, 'input.yaml'))).toBe(true);
      });
    }
  }
});

test('times and retries out of range are refused, once for all ports of a Service', () => {
  const path = (port: number) => ({ path: `/${port}`, pathType: 'Prefix', backend: { service: { name: 'a', port: { number: port } } } }); // biome-ignore format: one line
  const files = (settings: Readonly<Record<string, string>>): string =>
    [
      {
        ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'i' } },
        spec: { ingressClassName: 'kong', rules: [{ http: { paths: [path(80), path(81)] } }] },
      },
      {
        ...{ apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 80, name: 'x' }, { port: 81, name: 'y' }] } }, // biome-ignore format: one line
        metadata: {
          name: 'a',
          annotations: Object.fromEntries(
            Object.entries(settings).map(([name, value]) => [`konghq.com/${name}`, value]),
          ),
        },
      },
    ]
      .map((object) => JSON.stringify(object))
      .join('\n---\n');
  const wrong = refusalsIn(
    files({ 'connect-timeout': '0', 'read-timeout': '2147483647', 'write-timeout': '-1', retries: '32768' }),
  );
  expect(wrong.map((message) => message.replace(/^.*: service /, ''))).toEqual([
    'connect_timeout: value should be between 1 and 2147483646 (it is 0)',
    'read_timeout: value should be between 1 and 2147483646 (it is 2147483647)',
    'write_timeout: value should be between 1 and 2147483646 (it is -1)',
    'retries: value should be between 0 and 32767 (it is 32768)',
  ]);
  expect(
    refusalsIn(files({ 'connect-timeout': '1', 'read-timeout': '2147483646', 'write-timeout': '60000', retries: '0' })),
  ).toEqual([]);
});
