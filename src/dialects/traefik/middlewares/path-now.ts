// What middlewares have made of the path, as a rewrite of the model where one says it: a prefix that is replaced, a constant, a pattern.
// A middleware that cuts a prefix parts a flow: the prefix alone, what is below it, what goes on with the same letters, and the rest. What
// needs more than that is asked of the engine (engine.ts).

import type { PathRewrite, StringMatcher } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { goSubstitution, groupNames } from '../../../regex/go-substitution.js';
import { quoteRegex } from '../../../regex/quote.js';
import type { PathStep } from '../engine.js';
import { intersected } from '../path-match.js';

/**
 * `same`: nothing has changed. `asked`: only the engine knows. Texts are decoded and no templates; `sent`: a constant whose spelling is
 * another than that of its text.
 */
export type PathNow =
  | 'same'
  | 'asked'
  | { readonly kind: 'prefix'; readonly from: string; readonly to: string }
  | { readonly kind: 'full'; readonly to: string; readonly sent?: string }
  | Extract<PathRewrite, { kind: 'regex' }>;

/** Requests whose path is changed, or not: what they match, and what their path is then. */
export interface Branch {
  /** Absent: any. */
  readonly path?: StringMatcher;
  readonly now: PathNow;
  /** The prefix that was cut. */
  readonly noted?: string;
  /** What is left is not clean: 400. */
  readonly refused?: true;
  /** Takes paths with an escaped slash only. */
  readonly escaped?: true;
}

interface Here {
  readonly path?: StringMatcher | undefined;
  readonly now: PathNow;
}

/** Path is `to` and what follows `from` in the path of the request, or the constant `to`. */
type Known = Extract<PathNow, { kind: 'prefix' | 'full' }>;

/** Text that is spelled alike in a request, in a rule and behind a middleware. */
const isPlain = (text: string): boolean => /^[A-Za-z0-9\-._~/]*$/.test(text);
/** As net/url spells a decoded path. */
const spelled = (text: string): string =>
  text.replace(/[^A-Za-z0-9\-_.~$&+,/:;=@]/gu, (c) =>
    [...Buffer.from(c)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
/** The same, of characters that are no literal text in a pattern's replacement. */
const isSpelled = (text: string): boolean => /^(?:[A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]]|%[0-9A-Fa-f]{2})*$/.test(text);

function knownPath({ path, now }: Here): Known | undefined {
  if (now === 'asked') return undefined;
  if (now !== 'same') return now.kind === 'regex' || (now.kind === 'full' && now.sent !== undefined) ? undefined : now;
  if (path?.kind === 'exact' && isPlain(path.value)) return { kind: 'full', to: path.value };
  if (path?.kind === 'prefix' && isPlain(path.value)) return { kind: 'prefix', from: path.value, to: path.value };
  return { kind: 'prefix', from: '/', to: '/' };
}

/** In the order in which they are tried; the last takes what is left. Undefined: the engine has to be asked. */
export function branchesOf(here: Here, step: PathStep): readonly Branch[] | undefined {
  if (here.now === 'asked') return undefined;
  switch (step[0]) {
    case 'add':
      return added(here, step[1]);
    case 'strip':
      return stripped(here, step[1], step[2] === true);
    case 'replace':
      return step[1].startsWith('/') ? constantly(here.path, step[1]) : undefined;
    case 'strip-regex':
      return here.now === 'same' && step[1].length === 1 ? withoutStart(here, step[1][0]!) : undefined;
    case 'replace-regex':
      return here.now === 'same' ? replaced(here, step[1], step[2]) : undefined;
  }
}

const at = (path: StringMatcher | undefined): { readonly path?: StringMatcher } => (path ? { path } : {});

/** The whole path. It is decoded first: a spelling that net/url takes stays. */
function constantly(path: StringMatcher | undefined, text: string): readonly Branch[] | undefined {
  if (!text.includes('%')) return [{ ...at(path), now: { kind: 'full', to: text } }];
  return isSpelled(text) ? [{ ...at(path), now: { kind: 'full', to: text, sent: text } }] : undefined;
}

function added(here: Here, prefix: string): readonly Branch[] | undefined {
  const known = knownPath(here);
  if (!known) return undefined;
  const to = prefix + known.to;
  return [{ ...at(here.path), now: { ...known, to: to.startsWith('/') ? to : `/${to}` } }];
}

function withoutStart({ path }: Here, pattern: string): readonly Branch[] | undefined {
  const group = groupNames(pattern).length + 1;
  if (group > 9) return undefined;
  const whole = `^(?:${pattern})/?((?s:.*))$`;
  return [{ ...at(path), now: { kind: 'regex', pattern: whole, substitution: `/\\${group}`, all: false } }];
}

function replaced({ path }: Here, pattern: string, replacement: string): readonly Branch[] | undefined {
  const written = replacement.replace(/\$\{\w+\}/g, '');
  if (/[%{}]/.test(written)) return undefined;
  // What cannot stay as it is written is decoded, and spelled anew.
  const spelling = isSpelled(written) ? replacement : replacement.replace(/[^${}]+/gu, (text) => spelled(text));
  const substitution = goSubstitution(pattern, spelling);
  return [{ ...at(path), now: { kind: 'regex', pattern, substitution, all: true } }];
}

/** The first of the prefixes that the path begins with is cut. */
function stripped(here: Here, prefixes: readonly string[], force: boolean): readonly Branch[] | undefined {
  const [prefix, ...others] = prefixes;
  const known = knownPath(here);
  if (!known || prefix === '' || (prefix !== undefined && !isPlain(prefix))) return undefined;
  if (prefix === undefined) return [{ ...at(here.path), now: here.now }];
  if (known.to.startsWith(prefix)) {
    const left = known.to.slice(prefix.length);
    return known.kind === 'full'
      ? [constant(here.path, left, prefix, force)]
      : remaining({ ...here, prefix, force }, known.from, left);
  }
  if (known.kind === 'full' || !prefix.startsWith(known.to)) return stripped(here, others, force);
  const from = known.from + prefix.slice(known.to.length);
  const inside = intersected(here.path, { kind: 'prefix', value: from }, false);
  if (inside === undefined) return undefined;
  if (inside === 'none') return stripped(here, others, force);
  const taken = remaining({ path: inside, now: here.now, prefix, force }, from, '');
  if (!taken || isSame(inside, here.path)) return taken;
  const rest = stripped(here, others, force);
  return rest && [...taken, ...escapedSlashes(here.path, from), ...rest];
}

/** The prefix with an escaped slash: cut by Traefik, which looks at the decoded path, and not one of `from` to a rule. */
function escapedSlashes(path: StringMatcher | undefined, from: string): readonly Branch[] {
  const [, ...inner] = from.split('/');
  if (inner.length < 2) return [];
  const variants: StringMatcher = { kind: 'regex', pattern: `/${inner.map(quoteRegex).join('(?:/|%2F)')}(?s:.*)` };
  const both = intersected(path, variants, false);
  return [{ ...at(both === undefined || both === 'none' ? variants : both), now: 'asked', escaped: true }];
}

interface Cut extends Here {
  readonly prefix: string;
  readonly force: boolean;
}

function constant(path: StringMatcher | undefined, rest: string, prefix: string, force: boolean): Branch {
  const to = force ? `/${rest.replace(/^\//, '')}` : rest === '' || rest.startsWith('/') ? rest : `/${rest}`;
  return { ...at(path), now: { kind: 'full', to }, noted: prefix, ...(isClean(to) ? {} : { refused: true }) };
}

const isClean = (path: string): boolean => !/\/\/|(?:^|\/)\.\.?(?:\/|$)/.test(path);

/** Paths are `left` and what follows `from` now. */
function remaining(cut: Cut, from: string, left: string): readonly Branch[] | undefined {
  const { path, prefix } = cut;
  if (left !== '') {
    const to = left.startsWith('/') ? left : `/${left}`;
    const tail = (text: string): string => text.slice(text.lastIndexOf('/') + 1);
    // What meets there is a segment of the client's path, or was one.
    return isClean(to) && tail(to) === tail(from)
      ? [{ ...at(path), now: { kind: 'prefix', from, to }, noted: prefix }]
      : undefined;
  }
  // Decoded, what is left begins with a slash more than its spelling.
  const slashes: StringMatcher = { kind: 'regex', pattern: `${quoteRegex(from)}/?%2F(?s:.*)` };
  const dots: StringMatcher = { kind: 'regex', pattern: `${quoteRegex(from)}\\.\\.?(?:/(?s:.*))?` };
  const below = `${from}/`;
  const parts: readonly (readonly [StringMatcher, Omit<Branch, 'path'>])[] = from.endsWith('/')
    ? [
        [slashes, { now: 'asked', escaped: true }],
        [
          { kind: 'exact', value: from },
          { now: { kind: 'full', to: cut.force ? '/' : '' }, noted: prefix },
        ],
        [
          { kind: 'prefix', value: from },
          { now: { kind: 'prefix', from, to: '/' }, noted: prefix },
        ],
      ]
    : [
        [slashes, { now: 'asked', escaped: true }],
        [
          { kind: 'exact', value: from },
          { now: { kind: 'full', to: cut.force ? '/' : '' }, noted: prefix },
        ],
        [
          { kind: 'prefix', value: below },
          { now: { kind: 'prefix', from: below, to: '/' }, noted: prefix },
        ],
        [dots, { now: 'asked', noted: prefix, refused: true }],
        [
          { kind: 'prefix', value: from },
          { now: { kind: 'prefix', from, to: '/' }, noted: prefix },
        ],
      ];
  const out: Branch[] = [];
  for (const [matcher, branch] of parts) {
    const both = meeting(path, matcher, from);
    if (both === undefined) return undefined;
    if (both === 'none') continue;
    out.push({ path: both, ...branch });
    if (isSame(both, path)) break;
  }
  return out;
}

/** Paths of both; `from` is the text that `matcher` begins with. */
function meeting(
  path: StringMatcher | undefined,
  matcher: StringMatcher,
  from: string,
): StringMatcher | 'none' | undefined {
  if (matcher.kind !== 'regex' || path?.kind !== 'prefix') return intersected(path, matcher, false);
  if (from.startsWith(path.value)) return matcher;
  return path.value.startsWith(`${from}.`) ? undefined : 'none';
}

const isSame = (a: StringMatcher | undefined, b: StringMatcher | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** A test of the path that it has become, as one of the path of the request; `undefined`: the engine has to be asked. */
export function testBefore(
  here: Here,
  value: StringMatcher,
): { readonly on: StringMatcher } | { readonly always: boolean } | undefined {
  const known = knownPath(here);
  if (!known || (value.kind !== 'exact' && value.kind !== 'prefix') || value.ignoreCase) return undefined;
  if (known.kind === 'full') {
    const path = known.to;
    return { always: value.kind === 'exact' ? path === value.value : path.startsWith(value.value) };
  }
  const { from, to } = known;
  if (value.value.startsWith(to)) return { on: { kind: value.kind, value: from + value.value.slice(to.length) } };
  return { always: value.kind === 'prefix' && to.startsWith(value.value) };
}

/** As a rewrite; undefined: none. `asked`: the template of the engine's answer. */
export function rewriteNow({ now, path }: Here, asked: () => string): PathRewrite | undefined {
  if (now === 'same') return undefined;
  if (now === 'asked') return { kind: 'full', to: asked() };
  if (now.kind === 'regex') return now;
  if (now.kind === 'prefix') return now.from === now.to ? undefined : { ...now, to: spelled(now.to) };
  const { to, sent = spelled(to) } = now;
  return path?.kind === 'exact' && path.value === to
    ? undefined
    : { kind: 'full', to: plainTemplate(sent === '' ? '/' : sent) };
}
