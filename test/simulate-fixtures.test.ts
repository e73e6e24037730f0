// fixtures/simulate/<case>: configuration, requests, expected results with traces in files. What recordings do not show
// was asked of a real Envoy 1.40 where the first line of requests.yaml says so.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readGateways } from '../src/dialects/read.js';
import { readRequestFile } from '../src/requests/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { engine as envoy } from '../src/simulate/engines/envoy/index.js';
import { compile, explain, seededDraw, toResult } from '../src/simulate/index.js';
import { parseSource } from '../src/sources/index.js';

const root = join(import.meta.dirname, '../fixtures/simulate');

const cases = readdirSync(root, { withFileTypes: true }).filter((e) => e.isDirectory());

for (const { name } of cases) {
  test(`simulate ${name}`, async () => {
    const folder = join(root, name);
    const { gateways } = readGateways(
      catalogOf(parseSource('input.yaml', readFileSync(join(folder, 'input.yaml'))).resources),
    );
    const compiled = compile(gateways[0]!);
    const withTrace = existsSync(join(folder, 'with-trace'));
    const { requests } = readRequestFile('requests.yaml', readFileSync(join(folder, 'requests.yaml'), 'utf8'));
    const results = requests.map(({ request }) => {
      const { decision, trace } = explain(compiled, request, { draw: seededDraw(1) });
      const told = trace.map(
        (s) =>
          `${s.outcome} ${s.step}: ${s.text}${s.predicate ? ` (${s.predicate.on}: wants ${s.predicate.expected}, got ${s.predicate.got})` : ''}`,
      );
      return {
        request: `${request.method} ${request.host} ${request.path}`,
        ...toResult(decision, request),
        ...(withTrace ? { trace: told } : {}),
      };
    });
    await expect(stringify(results, { lineWidth: 0, aliasDuplicateObjects: false })).toMatchFileSnapshot(
      join(folder, 'expected.yaml'),
    );
  });
}

test('paths are normalised as Envoy 1.40 did it (paths.json: path and what came of it, or the status of the refusal)', () => {
  const recorded = JSON.parse(readFileSync(join(root, 'paths.json'), 'utf8')) as readonly (readonly [
    string,
    string | number,
  ])[];
  const differing = recorded.filter(([path, result]) => {
    const seen = envoy.seePath(path, 'GET');
    return ('status' in seen ? seen.status : seen.path + seen.query) !== result;
  });
  expect(differing).toEqual([]);
  expect(recorded.length).toBeGreaterThan(1000);
});
