import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byPrecedence } from '../src/dialects/gateway-api/features/precedence.js';
import { inPrecedence, type OrderedRule, withoutCovered } from '../src/dialects/gateway-api/write/order.js';
import type { PathMatch } from '../src/dialects/gateway-api/write/path-match.js';
import { rankOf, type TargetMatch, type ValueMatch } from '../src/dialects/gateway-api/write/target-match.js';
import { withoutExceptions } from '../src/dialects/gateway-api/write/without-exceptions.js';
import { compileRegex } from '../src/regex/index.js';

interface Rule {
  readonly action: number;
  readonly prefix: boolean;
}

interface Request {
  readonly path: string;
  readonly method: string;
  readonly headers: readonly string[];
  readonly query: readonly string[];
}

const path = fc.constantFrom<PathMatch>(
  { type: 'Exact', value: '/a' },
  { type: 'Exact', value: '/a/b' },
  { type: 'PathPrefix', value: '/' },
  { type: 'PathPrefix', value: '/a' },
  { type: 'PathPrefix', value: '/a/b' },
  { type: 'RegularExpression', value: '/a.*' },
  { type: 'RegularExpression', value: '/[ab](/b)?' },
  { type: 'RegularExpression', value: '/b' },
);
const conditions = (names: readonly string[]) =>
  fc.subarray([...names]).map((list) => list.map((name): ValueMatch => ({ name, type: 'Exact', value: '1' })));
const match: fc.Arbitrary<TargetMatch> = fc
  .record({
    path,
    method: fc.constantFrom(undefined, 'GET', 'POST'),
    headers: conditions(['x', 'y']),
    query: conditions(['q']),
  })
  .map(({ method, ...rest }) => ({ ...rest, ...(method !== undefined && { method }) }));
const rules = (prefix: fc.Arbitrary<boolean>): fc.Arbitrary<readonly OrderedRule<Rule>[]> =>
  fc.array(fc.record({ match, rule: fc.record({ action: fc.nat(3), prefix }) }), { minLength: 1, maxLength: 7 });

const requests: Request[] = ['/', '/a', '/a/', '/a/b', '/a/b/c', '/ab', '/b', '/b/b', '/c'].flatMap((p) =>
  ['GET', 'POST', 'PUT'].flatMap((method) =>
    [[], ['x'], ['y'], ['x', 'y']].flatMap((headers) =>
      [[], ['q']].map((query) => ({ path: p, method, headers, query })),
    ),
  ),
);

const compiled = new Map<string, ReturnType<typeof compileRegex>>();
const regex = (pattern: string) => {
  const known = compiled.get(pattern) ?? compileRegex(pattern);
  compiled.set(pattern, known);
  return known;
};

const takesPath = ({ type, value }: PathMatch, p: string): boolean =>
  type === 'Exact'
    ? p === value
    : type === 'PathPrefix'
      ? value === '/' || p === value || p.startsWith(`${value}/`)
      : regex(value).fullMatch(p);

const takes = (m: TargetMatch, r: Request): boolean =>
  takesPath(m.path, r.path) &&
  (m.method === undefined || m.method === r.method) &&
  m.headers.every((h) => r.headers.includes(h.name)) &&
  m.query.every((q) => r.query.includes(q.name));

const first = (list: readonly OrderedRule<Rule>[], r: Request) => list.find(({ match: m }) => takes(m, r))?.rule.action;

/** How many lists lost an order, and said so. */
function check(prefix: fc.Arbitrary<boolean>, numRuns: number): number {
  let told = 0;
  fc.assert(
    fc.property(rules(prefix), (list) => {
      let lost = false;
      const written = inPrecedence(withoutCovered(list), {
        precedence: byPrecedence,
        sameAction: (a, b) => a.action === b.action,
        needsPrefix: (rule) => rule.prefix,
        lost: () => {
          lost = true;
        },
        byLength: () => {},
      });
      // Istio and the specification sort, whatever the order of the list.
      expect(written.toSorted((a, b) => byPrecedence(rankOf(a.match), rankOf(b.match)))).toEqual(written);
      if (lost) told++;
      else for (const r of requests) if (first(written, r) !== first(list, r)) expect(r).toBe('answered as before');
    }),
    { seed: 20260822, numRuns },
  );
  return told;
}

test('precedence of what is written answers as the first match of the rules did', () => {
  expect(check(fc.constant(false), 800)).toBe(0);
});

test('where a prefix has to stay one, an order that is lost is told', () => {
  expect(check(fc.boolean(), 400)).toBeLessThan(100);
});

test('an exact path keeps its place before a prefix that stays one, where patterns lose theirs', () => {
  const rule = (action: number, prefix: boolean, p: PathMatch): OrderedRule<Rule> => ({
    match: { path: p, headers: [], query: [] },
    rule: { action, prefix },
  });
  const lost: number[] = [];
  const list = [
    rule(1, false, { type: 'Exact', value: '/a/b' }),
    rule(2, false, { type: 'RegularExpression', value: '/a.*' }),
    rule(3, true, { type: 'PathPrefix', value: '/' }),
  ];
  const written = inPrecedence(list, {
    precedence: byPrecedence,
    sameAction: (a, b) => a.action === b.action,
    needsPrefix: ({ prefix }) => prefix,
    lost: ({ action }) => lost.push(action),
    byLength: () => {},
  });
  expect(lost).toEqual([2]);
  expect(written.map(({ rule: { action } }) => action)).toEqual([1, 3, 2]);
});

test('rules that exclude a header or a path are said by others, or left out and told', () => {
  const wanted = fc.array(
    fc
      .record({ match, rule: fc.nat(3), without: conditions(['y']), but: fc.boolean() })
      .map(({ match: m, rule, without, but }) => ({
        match: {
          ...m,
          without: without.filter((w) => !m.headers.some((h) => h.name === w.name)),
          ...(but && m.path.type === 'PathPrefix' && m.path.value !== '/' && { except: m.path.value }),
        },
        rule: { action: rule, prefix: rule === 3 && m.path.type === 'PathPrefix' },
      })),
    { minLength: 1, maxLength: 5 },
  );
  const isSayable = ({ prefix }: Rule, { path: { type } }: TargetMatch) => !prefix || type !== 'RegularExpression';
  let told = 0;
  fc.assert(
    fc.property(wanted, (list) => {
      let refused = false;
      const said = withoutExceptions(list, {
        refuse: () => {
          refused = true;
        },
        takesMore: () => {
          refused = true;
        },
        isSayable,
        isNotFound: ({ action }) => action === 0,
      });
      // What replaces a prefix is copied to no pattern, for which it could not be written.
      expect(said.filter((r) => !isSayable(r.rule, r.match))).toEqual([]);
      if (refused) {
        told++;
        return;
      }
      for (const r of requests) {
        const winner = list.find(
          ({ match: w }) => takes(w, r) && r.path !== w.except && !w.without.some((h) => r.headers.includes(h.name)),
        );
        if (first(said, r) !== winner?.rule.action) expect(r).toBe('answered as before');
      }
    }),
    { seed: 20260822, numRuns: 600 },
  );
  expect(told).toBeGreaterThan(0);
  expect(told).toBeLessThan(600);
});
