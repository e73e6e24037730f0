// The parts of the algebra alone: partitions, addresses, hosts, domains, caps.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DomainPattern, StringMatcher } from '../src/model/index.js';
import { compileCidrs } from '../src/simulate/cidr.js';
import { normalizePath } from '../src/simulate/engines/normalize-path.js';
import { indexHosts } from '../src/simulate/host-index.js';
import { compileStringMatcher } from '../src/simulate/match-string.js';
import { addressClasses } from '../src/space/addresses.js';
import { headerDomain, inDomain, pathDomain } from '../src/space/domain.js';
import { explore } from '../src/space/explore.js';
import { hostClasses, indexDomains } from '../src/space/hosts.js';
import { NO_DEMAND, partition } from '../src/space/partition.js';
import { stringTest, testHolds } from '../src/space/string-test.js';
import { randomFrom } from './space/small-gateways.js';

const chars = fc
  .array(fc.constantFrom(...'ab/.%25eE\\ "{~Az0-'.split('')), { maxLength: 8 })
  .map((a) => `/${a.join('')}`);

test("the domain of Envoy's paths is what its normalisation leaves alone", () => {
  const domain = pathDomain(['envoy']);
  let inside = 0;
  fc.assert(
    fc.property(chars, (path) => {
      const kept = normalizePath(path) === path;
      if (kept) inside++;
      expect(inDomain(domain, path), path).toBe(kept);
    }),
    { seed: 1, numRuns: 20_000 },
  );
  expect(inside).toBeGreaterThan(1000);
  // Each character alone: chance need not bring one of them without another that is escaped too.
  for (let code = 0x21; code < 0x7f; code++) {
    const path = `/a${String.fromCharCode(code)}b`;
    if (!/[?#]/.test(path)) expect(inDomain(domain, path), path).toBe(normalizePath(path) === path);
  }
});

test('every string is in exactly one class, and its example is in the same', () => {
  const matcher: fc.Arbitrary<StringMatcher> = fc.oneof(
    fc.record({
      kind: fc.constantFrom('exact', 'prefix', 'suffix', 'contains', 'segment-prefix'),
      value: fc.constantFrom('', 'a', 'ab', 'b', 'aa', '/ak', '/as', 'sk'),
      ignoreCase: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('regex' as const),
      pattern: fc.constantFrom(
        ...['a.*', '[ab]+', '.*b', '(a|b)?', '[^a]*', '(?i)A+', 'x|y', '\\bab\\b.*', 'a{2}b?', '^ab|a$', '^/a(/|$)'],
        ...['a(?i)b', '(?i)/as(/|$)', '(?i)/ak.*', '(?i)sk[ab]*', '^(?i)a\\bk', '(?i)S', '(?i)s|k', '(?i)a\u017f'],
      ),
    }),
  );
  fc.assert(
    fc.property(
      fc.array(matcher, { maxLength: 6 }),
      fc.array(fc.constantFrom(...'abxA /sSkK\u017f\u212a'.split('')), { maxLength: 4 }),
      (matchers, letters) => {
        const { alphabet, words } = headerDomain();
        const tests = matchers.map((m) => stringTest(m, alphabet));
        const always = tests.flatMap((t, i) => (t.kind === 'always' ? [i] : []));
        const classes = new Map<string, string>();
        partition(
          tests,
          words,
          NO_DEMAND,
          (accepted, word) => {
            classes.set([...accepted, ...always].sort((a, b) => a - b).join(), word);
            return false;
          },
          { left: 1_000_000 },
        );
        const simulated = matchers.map(compileStringMatcher);
        const classOf = (text: string) => simulated.flatMap((t, i) => (t(text) ? [i] : [])).join();
        for (const [key, word] of classes) expect(classOf(word), JSON.stringify([matchers, word])).toBe(key);
        const text = letters.join('').trim();
        expect(classes.has(classOf(text)), JSON.stringify([matchers, text])).toBe(true);
        for (const [i, t] of tests.entries()) expect(testHolds(t, text)).toBe(simulated[i]!(text));
      },
    ),
    { seed: 2, numRuns: 4000 },
  );
});

test('addresses: one example of each class, and it is in it', () => {
  const cidr = fc.constantFrom(
    '10.0.0.0/8',
    '10.1.0.0/16',
    '10.0.0.0/9',
    '10.128.0.0/9',
    '0.0.0.0/0',
    '127.0.0.1',
    '::1',
    '2001:db8::/32',
    '2001:db8::/33',
    '::/0',
    'nonsense',
    '192.0.2.0/24',
  );
  const probe = [
    '10.0.0.1',
    '10.1.2.3',
    '10.200.0.1',
    '127.0.0.1',
    '8.8.8.8',
    '::1',
    '2001:db8::5',
    '2001:db8:8000::1',
    'fe80::1',
    '192.0.2.77',
  ];
  fc.assert(
    fc.property(fc.array(fc.array(cidr, { minLength: 1, maxLength: 3 }), { maxLength: 4 }), (lists) => {
      const classes = addressClasses(lists.map((cidrs) => ({ kind: 'cidrs', cidrs })));
      const tests = lists.map(compileCidrs);
      const keys = new Set(classes.map((c) => c.holds.join()));
      for (const c of classes) expect(c.holds, c.value).toEqual(tests.map((t) => t(c.value)));
      for (const address of probe) expect(keys.has(tests.map((t) => t(address)).join()), address).toBe(true);
    }),
    { seed: 3, numRuns: 1000 },
  );
});

test('hosts: the same virtual host as the simulator finds, and every host has a class', () => {
  const patterns: readonly DomainPattern[] = [
    { kind: 'any' },
    ...['a.x', 'b.a.x', 'x', 'www.x'].map((value): DomainPattern => ({ kind: 'exact', value })),
    ...['.x', '.a.x', '-b.x'].flatMap((value): DomainPattern[] => [
      { kind: 'suffix', value },
      { kind: 'one-label', value },
    ]),
  ];
  const hosts = [
    'a.x',
    'b.a.x',
    'x',
    'c.x',
    'd.c.x',
    'c.a.x',
    'd.c.a.x',
    'a-b.x',
    'q.a-b.x',
    'other',
    'www.x',
    'www.www.x',
  ];
  for (let seed = 0; seed < 2000; seed++) {
    const r = randomFrom(seed);
    const items = Array.from({ length: 1 + r(4) }, (_, value) => ({
      domains: Array.from({ length: 1 + r(2) }, () => patterns[r(patterns.length)]!),
      value,
    }));
    const [mine, theirs] = [indexDomains(items), indexHosts(items)];
    const all = items.flatMap((i) => i.domains);
    const found = new Set(hostClasses(all).map((c) => mine.find(c.example)));
    for (const host of hosts) {
      expect(mine.find(host), host).toBe(theirs.find(host)?.value);
      expect(found.has(mine.find(host))).toBe(true);
    }
  }
});

describe('caps', () => {
  const atom = (pattern: string) => ({
    atoms: [{ dimension: 'path', test: { kind: 'regex', pattern } as const, invert: false, absent: false }],
  });
  test('a pattern that is too large is named, and the others are decided', () => {
    const seen = new Set<number>();
    const result = explore(
      [[atom('.*a.{40}'), atom('/b')]],
      { engines: ['envoy'], scheme: 'http' },
      {
        onLeaf: ([taken]) => {
          seen.add(taken!);
          return false;
        },
      },
    );
    expect([...result.unknown[0]!.keys()]).toEqual([0]);
    expect(result.unknown[0]!.get(0)).toContain('.*a.{40}');
    expect(seen.has(1)).toBe(true);
  });
  test('hundreds of unanchored patterns end in time, decided or not', () => {
    const started = performance.now();
    const result = explore(
      [Array.from({ length: 400 }, (_, i) => atom(`.*x${i}y.*z${i}.*`))],
      { engines: ['envoy'], scheme: 'http' },
      { onLeaf: () => false },
    );
    expect(typeof result.complete).toBe('boolean');
    if (!result.complete) expect(result.reason).toContain('budget');
    expect(performance.now() - started).toBeLessThan(45_000);
  });
});
