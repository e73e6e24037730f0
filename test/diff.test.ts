// Differences of whole files: the article's two configs, changes that mean nothing, and changes that mean something.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import { changedRules } from '../src/diff/changed.js';
import { diffConfigs, generateTests, routeTable } from '../src/diff/index.js';
import type { EffectiveGateway } from '../src/model/index.js';
import { diffGithub, diffMarkdown, diffText } from '../src/report/diff.js';
import { routesMarkdown, routesText } from '../src/report/routes.js';
import { styleFor } from '../src/report/style.js';
import { checkResult } from '../src/requests/check.js';
import { catalogOf } from '../src/resources/catalog.js';
import { compile, decide, toResult } from '../src/simulate/index.js';
import { locate, parseSource } from '../src/sources/index.js';
import { truthCases } from './space/truth-cases.js';

const root = join(import.meta.dirname, '../fixtures');
const gatewaysOf = (yaml: string, file = 'input.yaml'): readonly EffectiveGateway[] =>
  readGateways(catalogOf(parseSource(file, yaml).resources)).gateways;
const fixture = (path: string) => gatewaysOf(readFileSync(join(root, path), 'utf8'), path);
const plain = styleFor(false);

const GATEWAY = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*/*']}]
`;
const service = (name: string, http: string, hosts = '[shop.example.com]', created = '2026-01-01T00:00:00Z') => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: default, creationTimestamp: '${created}'}
spec:
  hosts: ${hosts}
  gateways: [gw]
  http:
${http}`;
const to = (host: string) => `    route: [{destination: {host: ${host}, port: {number: 80}}}]\n`;
const rule = (match: string, host: string) => `  - match: [${match}]\n${to(host)}`;

describe('the article', () => {
  const diff = diffConfigs(
    fixture('truth/istio/article/article-ingress/input.yaml'),
    fixture('truth/istio/article/article-gateway/input.yaml'),
    { locate },
  );
  test('differs in the family of /statuses and in nothing else', () => {
    expect(diff.equivalent).toBe(false);
    expect(diff.differences.map((d) => d.request.path)).toEqual(['/statusx']);
    expect(diff.differences[0]!.before.status).toBe(404);
    expect(diff.differences[0]!.after.destination?.host).toBe('httpbin.default.svc.cluster.local');
    expect(diff.undecided).toEqual([]);
  });
  test('as text', async () => {
    await expect(diffText(diff, plain)).toMatchFileSnapshot('../fixtures/diff/article/expected.txt');
  });
  test('as markdown', async () => {
    await expect(diffMarkdown(diff)).toMatchFileSnapshot('../fixtures/diff/article/expected.md');
  });
  test('as workflow commands', async () => {
    await expect(diffGithub(diff)).toMatchFileSnapshot('../fixtures/diff/article/expected.github.txt');
  });
  test('its routes', async () => {
    const table = routeTable(fixture('truth/istio/article/article-gateway/input.yaml'), { locate });
    await expect(`${routesText(table, plain)}\n${routesMarkdown(table)}`).toMatchFileSnapshot(
      '../fixtures/diff/article/routes.txt',
    );
    await expect(`${JSON.stringify(table, null, 2)}\n`).toMatchFileSnapshot('../fixtures/diff/article/routes.json');
  });
});

const A = rule('{uri: {prefix: /a/}}', 'a');
const B = rule('{uri: {exact: /b}}', 'b');
const C = rule('{uri: {prefix: /a/b}, headers: {x-user: {exact: jason}}}', 'c');
const REST = `  -${to('rest').slice(3)}`;

describe('changes that mean nothing', () => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    'order of independent rules': [service('v', A + B + REST), service('v', B + A + REST)],
    'a list of matches as rules': [
      service('v', `  - match: [{uri: {prefix: /a}}, {uri: {exact: /b}}]\n${to('a')}`),
      service('v', rule('{uri: {prefix: /a}}', 'a') + rule('{uri: {exact: /b}}', 'a')),
    ],
    'a new name': [service('v', A + B), service('w', A + B)],
    'a delegate in its place': [
      `${service('v', `  - match: [{uri: {prefix: /a}}]\n    delegate: {name: d, namespace: default}\n`)}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: d, namespace: default}
spec:
  http:
${rule('{uri: {prefix: /a/b}}', 'a')}`,
      service('v', rule('{uri: {prefix: /a/b}}', 'a')),
    ],
    'two objects instead of one': [
      service('v', A + B),
      service('v', A) + service('w', B, undefined, '2026-02-01T00:00:00Z'),
    ],
    'a rule that nothing reaches': [service('v', A + B + REST), service('v', A + B + REST + C)],
    'a pattern that says prefix': [
      service('v', rule('{uri: {prefix: /a/}}', 'a')),
      service('v', rule("{uri: {regex: '/a/.*'}}", 'a')),
    ],
    'a pattern that says exact': [
      service('v', rule('{uri: {exact: /a}}', 'a')),
      service('v', rule("{uri: {regex: '^/[a]$'}}", 'a')),
    ],
    'weights in other numbers': [
      service('v', '  - route: [{destination: {host: a}, weight: 1}, {destination: {host: b}, weight: 3}]\n'),
      service('v', '  - route: [{destination: {host: b}, weight: 75}, {destination: {host: a}, weight: 25}]\n'),
    ],
    'a rewrite with and without the slash': [
      service('v', `  - match: [{uri: {prefix: /api/}}]\n    rewrite: {uri: /v1/}\n${to('a')}`),
      service('v', `  - match: [{uri: {prefix: /api/}}]\n    rewrite: {uri: /v1/}\n    name: other\n${to('a')}`),
    ],
  };
  for (const [name, [before, after]] of Object.entries(cases))
    test(name, () => {
      const diff = diffConfigs(gatewaysOf(GATEWAY + before), gatewaysOf(GATEWAY + after));
      expect(diff.differences).toEqual([]);
      expect(diff.undecided).toEqual([]);
      expect(diff.equivalent).toBe(true);
    });
});

describe('changes that mean something', () => {
  const cases: Readonly<Record<string, readonly [string, string, string]>> = {
    'two overlapping rules swapped': [service('v', C + A), service('v', A + C), 'x-user'],
    'one character of a path': [
      service('v', rule('{uri: {exact: /status}}', 'a')),
      service('v', rule('{uri: {exact: /statuz}}', 'a')),
      '/statu',
    ],
    'a header condition gone': [service('v', C + A), service('v', rule('{uri: {prefix: /a/b}}', 'c') + A), '/a/b'],
    'without headers': [
      service('v', rule('{uri: {prefix: /a}, withoutHeaders: {x-debug: {}}}', 'a')),
      service('v', rule('{uri: {prefix: /a}}', 'a')),
      'x-debug',
    ],
    'a query parameter': [
      service('v', rule('{queryParams: {v: {exact: "2"}}}', 'a') + REST),
      service('v', rule('{queryParams: {v: {exact: "3"}}}', 'a') + REST),
      'v=',
    ],
    'a host more': [service('v', A), service('v', A, '[shop.example.com, more.example.com]'), 'more.example.com'],
    'a weight': [
      service('v', '  - route: [{destination: {host: a}, weight: 10}, {destination: {host: b}, weight: 90}]\n'),
      service('v', '  - route: [{destination: {host: a}, weight: 20}, {destination: {host: b}, weight: 80}]\n'),
      'shop',
    ],
    'a response header': [
      service('v', `${A}    headers: {response: {set: {x-a: one}}}\n`),
      service('v', `${A}    headers: {response: {set: {x-a: two}}}\n`),
      '/a/',
    ],
    'a header that is removed': [
      service('v', `${A}    headers: {request: {remove: [x-secret]}}\n`),
      service('v', A),
      'x-secret',
    ],
    'the origins of CORS': [
      service('v', `${A}    corsPolicy: {allowOrigins: [{exact: 'https://a.example'}]}\n`),
      service('v', `${A}    corsPolicy: {allowOrigins: [{exact: 'https://b.example'}]}\n`),
      'https://',
    ],
    'a rewrite': [
      service('v', `  - match: [{uri: {prefix: /api/}}]\n    rewrite: {uri: /}\n${to('a')}`),
      service('v', `  - match: [{uri: {prefix: /api}}]\n    rewrite: {uri: /}\n${to('a')}`),
      '/api',
    ],
    'a fault of some percent': [
      service('v', `${A}    fault: {abort: {httpStatus: 503, percentage: {value: 10}}}\n`),
      service('v', `${A}    fault: {abort: {httpStatus: 503, percentage: {value: 20}}}\n`),
      '/a/',
    ],
  };
  for (const [name, [before, after, shows]] of Object.entries(cases))
    test(name, () => {
      const diff = diffConfigs(gatewaysOf(GATEWAY + before), gatewaysOf(GATEWAY + after));
      expect(diff.equivalent).toBe(false);
      expect(diff.undecided).toEqual([]);
      expect(
        diff.differences.some((d) => JSON.stringify(d.request).includes(shows)),
        JSON.stringify(diff.differences.map((d) => d.request)),
      ).toBe(true);
    });
});

describe('rules that are looked at once', () => {
  const hosts = (user: (i: number) => string, rest: string) =>
    GATEWAY +
    ['a', 'b', 'c', 'd']
      .map((host, i) =>
        service(
          `of-${host}`,
          rule('{uri: {prefix: /a/}}', 'a') +
            rule(`{uri: {prefix: /}, headers: {x-user: {exact: ${user(i)}}}}`, 'users') +
            `  -${to(rest).slice(3)}`,
          `[${host}.example.com]`,
        ),
      )
      .join('');

  test('hosts with equal rules each have their difference, with a request of their own', () => {
    const diff = diffConfigs(gatewaysOf(hosts(() => 'jason', 'rest')), gatewaysOf(hosts(() => 'jason', 'other')), {
      locate,
    });
    expect(diff.undecided).toEqual([]);
    expect(diff.differences.map((d) => d.request.host)).toEqual(['a', 'b', 'c', 'd'].map((h) => `${h}.example.com`));
    for (const d of diff.differences)
      expect([d.before.destination?.host, d.after.destination?.host]).toEqual([
        'rest.default.svc.cluster.local',
        'other.default.svc.cluster.local',
      ]);
  });

  test('a host whose rules are other ones is looked at by itself', () => {
    const names = (i: number) => (i === 2 ? 'maria' : 'jason');
    const diff = diffConfigs(gatewaysOf(hosts(names, 'rest')), gatewaysOf(hosts(() => 'jason', 'rest')), { locate });
    expect(new Set(diff.differences.map((d) => d.request.host))).toEqual(new Set(['c.example.com']));
    expect(diff.differences.map((d) => d.request.headers)).toEqual(
      expect.arrayContaining([{ 'x-user': 'maria' }, { 'x-user': 'jason' }]),
    );
  });

  test('rules that share no path with a changed one are left out, and the difference is the same', () => {
    const many = (last: string) =>
      GATEWAY +
      service(
        'many',
        Array.from({ length: 50 }, (_, i) => rule(`{uri: {regex: '/r${i}/[a-z]+'}}`, `r${i}`)).join('') +
          rule('{uri: {exact: /r7/x}}', 'never') +
          rule('{uri: {prefix: /r7}}', last),
      );
    const diff = diffConfigs(gatewaysOf(many('one')), gatewaysOf(many('two')), { locate });
    expect(diff.undecided).toEqual([]);
    expect(diff.differences).toHaveLength(1);
    expect(diff.differences[0]!.request.path).not.toMatch(/^\/r7\/[a-z]+$/);
    expect(diff.differences[0]!.family).toEqual({
      when: ['path begins /r7'],
      unless: ['path ~ /r7/[a-z]+', 'path = /r7/x'],
    });
  });
});

test('every recorded config is equal to itself read again, and its generated tests pass', { timeout: 300_000 }, () => {
  let count = 0;
  const wrong: string[] = [];
  for (const path of truthCases(join(root, 'truth/istio')).concat(truthCases(join(root, 'truth/ingress-nginx')))) {
    const yaml = readFileSync(join(path, 'input.yaml'), 'utf8');
    const [before, after] = [gatewaysOf(yaml), gatewaysOf(yaml)];
    const diff = diffConfigs(before, after);
    if (diff.equivalent !== true) wrong.push(`${path}: ${diff.equivalent}`);
    const compiled = new Map(after.map((g) => [g.id, compile(g)]));
    for (const { request, response } of generateTests(before).tests) {
      const gateway = compiled.get(request.gateway ?? after[0]!.id)!;
      if (checkResult(request, response, toResult(decide(gateway, request), request), { strict: true }).length > 0)
        wrong.push(`${path}: ${JSON.stringify(request)}`);
      count++;
    }
  }
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(3000);
});

describe('changedRules', () => {
  for (const [before, after, gone, come] of [
    ['abc', 'abc', [], []],
    ['abcd', 'acbd', [1], [2]],
    ['abc', 'abxc', [], [2]],
    ['abc', 'xyz', [0, 1, 2], [0, 1, 2]],
    ['aab', 'ab', [1], []],
    ['', 'a', [], [0]],
  ] as const)
    test(`${before} → ${after}`, () => {
      const [a, b] = changedRules([...before], [...after]);
      expect([[...a].length, [...b].length]).toEqual([gone.length, come.length]);
      const rest = (list: string, changed: ReadonlySet<number>) => [...list].filter((_, i) => !changed.has(i)).join('');
      expect(rest(before, a)).toBe(rest(after, b));
    });
});
