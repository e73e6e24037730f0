// Presets, meshgw.config.yaml and --rule decide which rules run and how loud they are.

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { environmentKeys } from '../src/cli/config/environment.js';
import { readConfigText as readConfig } from '../src/cli/config/file.js';
import { findConfig } from '../src/cli/config/find.js';
import { lintConfigOf } from '../src/cli/config/lint.js';
import { CannotRunError } from '../src/diagnostics/index.js';
import { failsOn, type LintConfig, levelOf, parseRuleFlag } from '../src/lint/config.js';

import { rules } from '../src/lint/rules/index.gen.js';
import { runLint } from '../src/lint/run.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

/** `lint:` of a configuration. */
const readConfigText = (file: string, yaml: string): LintConfig =>
  lintConfigOf(readConfig(file, yaml, '/').lint!, { folder: '/', cwd: '/' });

const rule = (code: string) => rules.find((r) => r.code === code)!;
const text =
  'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec:\n  hosts: [a.example.com]\n  http: [{route: [{destination: {host: shop}}], timeout: 0s, retrys: {}}]\n';
const codes = async (config: LintConfig) => {
  const sources = parseSource('a.yaml', text);
  const { diagnostics } = await runLint(
    { sources, catalog: catalogOf(sources.resources), gateways: [], notes: [] },
    { config },
  );
  return diagnostics.map((d) => `${d.code} ${d.severity}`).sort();
};

test('presets', () => {
  expect(levelOf(rule('MGW1006'), {})).toBe('off');
  expect(levelOf(rule('MGW1006'), { preset: 'strict' })).toBe('warning');
  expect(levelOf(rule('MGW1001'), { preset: 'strict' })).toBe('warning');
  expect(levelOf(rule('MGW0110'), { preset: 'strict' })).toBe('info');
  expect(levelOf(rule('MGW0202'), { preset: 'migration' })).toBe('error');
  expect(levelOf(rule('MGW0450'), {})).toBe('info');
  expect(levelOf(rule('MGW0450'), { preset: 'migration' })).toBe('warning');
  expect(levelOf(rule('MGW1006'), { preset: 'migration' })).toBe('off');
});

test('levels of single rules, by code and by name, also of the schema', async () => {
  expect(await codes({})).toEqual(['MGW0010 error', 'MGW0110 info', 'MGW0202 error']);
  expect(await codes({ rules: { MGW0202: 'warning', 'destination-unknown': 'off', MGW0010: 'info' } })).toEqual([
    'MGW0010 info',
    'MGW0202 warning',
  ]);
  await expect(codes({ rules: { MGW9999: 'off' } })).rejects.toThrow(CannotRunError);
});

test('--rule', () => {
  expect(parseRuleFlag('MGW0101=off')).toEqual(['MGW0101', 'off']);
  for (const bad of ['MGW0101', 'MGW0101=loud', '=off', 'a=b=off'])
    expect(() => parseRuleFlag(bad)).toThrow(CannotRunError);
});

test('the file is found upwards, and fits its schema', () => {
  const root = mkdtempSync(join(tmpdir(), 'meshgw-config-'));
  const below = join(root, 'a', 'b');
  mkdirSync(below, { recursive: true });
  const yaml = 'lint:\n  preset: strict\n  rules:\n    MGW0432: off\n    port-range: warning\n';
  writeFileSync(join(root, 'meshgw.config.yaml'), yaml);
  const found = findConfig(below)!;
  expect(found.file).toBe(join(root, 'meshgw.config.yaml'));
  expect(readConfigText(found.file, found.text)).toEqual({
    preset: 'strict',
    rules: { MGW0432: 'off', 'port-range': 'warning' },
  });
  const validate = new Ajv({ strict: false }).compile(
    JSON.parse(readFileSync('schemas/meshgw.config.schema.json', 'utf8')) as object,
  );
  expect(validate(parse(yaml))).toBe(true);
  expect(validate({ lint: { presett: 'strict' } })).toBe(false);
});

test('the schema knows what the reader of the environment knows', () => {
  const schema = JSON.parse(readFileSync('schemas/meshgw.config.schema.json', 'utf8')) as {
    properties: { environment: { properties: object } };
  };
  expect(Object.keys(schema.properties.environment.properties).sort()).toEqual([...environmentKeys()].sort());
});

/** What is wrong, where, and what is allowed there. */
const BAD: readonly [text: string, message: string, hint?: string][] = [
  ['lint: {preset: lax}', '1:16: `lint.preset` is `lax`', 'allowed here: recommended, strict, migration'],
  [
    'lint:\n  preset: recomended',
    '2:11: `lint.preset` is `recomended`; did you mean `recommended`?',
    'allowed here: recommended, strict, migration',
  ],
  [
    'lint:\n  rules:\n    MGW0101: loud',
    '3:14: `lint.rules.MGW0101` is `loud`',
    'allowed here: off, info, warning, error',
  ],
  [
    'lint:\n  rules:\n    MGW0101: warn',
    '3:14: `lint.rules.MGW0101` is `warn`',
    'allowed here: off, info, warning, error',
  ],
  ['lint:\n  rules:\n    MGW0101:', '3:13: `lint.rules.MGW0101` is empty', 'allowed here: off, info, warning, error'],
  [
    'lint: {rulez: {}}',
    '1:8: unknown key `rulez` in `lint`; did you mean `rules`?',
    'allowed here: preset, rules, overrides',
  ],
  [
    '# a\nlint: {}\nserve: {}',
    '3:1: unknown key `serve` in the configuration',
    'allowed here: lint, convert, environment, ignore',
  ],
  [
    'lint:\n  rules:\n    port-rang: off',
    '3:5: there is no rule `port-rang`; did you mean `port-range`?',
    'meshgw lint --list-rules shows all of them',
  ],
  [
    'lint:\n  rules:\n    MGW9999: off',
    '3:5: there is no rule `MGW9999`',
    'meshgw lint --list-rules shows all of them',
  ],
  [
    'environment: {classes: {public: ngnix}}',
    '1:33: `environment.classes.public` is `ngnix`; did you mean `nginx`?',
    'allowed here: kubernetes, nginx, istio, kong, traefik',
  ],
  [
    'environment:\n  assumeGateways: [shop]',
    '2:20: an entry of `environment.assumeGateways`: --assume-gateway "shop" is not NAMESPACE/NAME or NAMESPACE/NAME=HOST,…',
    'for example --assume-gateway istio-ingress/public=shop.example.com,*.example.org',
  ],
  [
    'environment: {jwks: {a: ../keys.json}}',
    '1:25: `environment.jwks.a`: cannot read ../keys.json: it is outside the folder of the configuration',
    'name it with the flag instead',
  ],
  ['ignore: vendor', '1:9: `ignore` must be a list, but is `vendor`'],
  ['- a', '1:1: the configuration must be a mapping, but is a list'],
  ['lint: 3', '1:7: `lint` must be a mapping, but is `3`'],
  ['lint: &a {rules: *a}', '1:18: `lint.rules` must be a mapping, but is an alias (aliases are not followed here)'],
  ['lint: [', '1:8: Flow sequence in block collection must be sufficiently indented and end with a ]', ''],
  ['lint: {}\nlint: {}', '2:1: Map keys must be unique', ''],
  ['lint: {}\n---\nlint: {}', '2:1: a second document begins here: write one', ''],
];
for (const [bad, message, hint] of BAD)
  test(`a configuration that cannot be: ${bad}`, () => {
    let said: unknown;
    try {
      readConfigText('c.yaml', bad);
    } catch (error) {
      said = error;
    }
    expect(said).toBeInstanceOf(CannotRunError);
    const { message: got, hint: advice } = said as CannotRunError;
    expect([got, advice]).toEqual([`c.yaml:${message}`, hint === '' ? 'the configuration must be YAML' : hint]);
  });

test('an empty configuration says nothing', () => {
  for (const text of ['', '# only a comment\n', 'lint:\n', 'lint:\n  rules:\n', '\ufefflint: {}\n'])
    expect(readConfigText('c.yaml', text)).toEqual({ rules: {} });
  expect(readConfigText('c.yaml', 'lint: {rules: {MGW0101: off, MGW0102: false}}').rules).toEqual({
    MGW0101: 'off',
    MGW0102: 'off',
  });
});

test('--fail-on', () => {
  const summary = { errors: 0, warnings: 1, infos: 1 };
  expect((['error', 'warning', 'info', 'never'] as const).map((level) => failsOn(summary, level))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(failsOn({ errors: 1, warnings: 0, infos: 0 }, 'warning')).toBe(true);
  expect(failsOn({ errors: 0, warnings: 0, infos: 1 }, 'warning')).toBe(false);
});
