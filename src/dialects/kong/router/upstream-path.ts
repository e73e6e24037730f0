// What a route makes of the path: get_upstream_uri_v0 in kong/router/utils.lua, and path handling v1 of kong/router/traditional.lua, said
// as plain rewrites. Where the rule depends on how the path goes on behind the part that matches, the route is split.

import type { PathRewrite, StringMatcher } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { compileRegex } from '../../../regex/match.js';
import { translatePcre } from '../../pcre.js';
import type { KongPath, KongRoute } from '../entities.js';
import { pathMatcher } from '../patterns.js';

/** A part of the requests of a path, in the order in which it is asked. */
export interface UpstreamPath {
  /** Absent: every path. */
  readonly path?: StringMatcher;
  readonly rewrite?: PathRewrite;
  /** Number of groups of the pattern; absent: the path is none. */
  readonly pattern?: { readonly text: string; readonly captures: number; readonly names: readonly string[] };
}

type Settings = Pick<KongRoute, 'stripPath' | 'pathHandling'>;

/** @throws PcreError */
export function upstreamPaths(
  { stripPath, pathHandling }: Settings,
  base: string,
  path: KongPath | undefined,
  floats: boolean,
): readonly UpstreamPath[] {
  const matcher = matcherOf(path, floats);
  const more = path?.kind === 'regex' ? { pattern: patternOf(path.value) } : {};
  const v1 = pathHandling === 'v1';
  const parts = stripPath
    ? (v1 ? strippedV1 : stripped)(base, path, matcher)
    : v1
      ? [part(matcher, fromRoot(base, matcher))]
      : kept(base, matcher);
  return parts.map((p) => ({ ...p, ...more }));
}

function matcherOf(path: KongPath | undefined, floats: boolean): StringMatcher | undefined {
  if (!path) return undefined;
  if (path.kind === 'regex') return pathMatcher(path.value, floats);
  return path.kind === 'equal' ? { kind: 'exact', value: path.value } : { kind: 'prefix', value: path.value };
}

/** Names of groups by their number: what a template reads by name. @throws PcreError */
export function patternOf(pattern: string): NonNullable<UpstreamPath['pattern']> {
  const text = pattern.replace(/^\^/, '');
  const names = [...text.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\(\?P?<([A-Za-z_]\w*)>|\((?!\?)/g)]
    .filter(([all]) => all.startsWith('('))
    .map(([, name]) => name ?? '');
  const { alternatives, captures } = translatePcre(text);
  return { text: alternatives.join('|'), captures, names };
}

const part = (path: StringMatcher | undefined, rewrite: PathRewrite | undefined): UpstreamPath => ({
  ...(path ? { path } : {}),
  ...(rewrite ? { rewrite } : {}),
});

const full = (path: string): PathRewrite => ({ kind: 'full', to: plainTemplate(path) });
/** Undefined: nothing changes. */
const from = (begin: string, to: string): PathRewrite | undefined =>
  begin === to ? undefined : { kind: 'prefix', from: begin, to };

/** The first slash becomes `to`: of a pattern said as a pattern, as it is written for targets. */
const fromRoot = (to: string, matcher: StringMatcher | undefined): PathRewrite | undefined =>
  matcher?.kind === 'regex' && to !== '/'
    ? { kind: 'regex', pattern: '^/', substitution: escaped(to), all: false }
    : from('/', to);

const withoutSlash = (base: string): string => (base.endsWith('/') ? base.slice(0, -1) : base);

/** The whole path behind the service's, which loses its last slash; the root alone is the service's path. */
function kept(base: string, matcher: StringMatcher | undefined): readonly UpstreamPath[] {
  if (base.endsWith('/')) return [part(matcher, fromRoot(base, matcher))];
  const rest = part(matcher, fromRoot(`${base}/`, matcher));
  return takesRoot(matcher) ? [part({ kind: 'exact', value: '/' }, full(base)), rest] : [rest];
}

function takesRoot(matcher: StringMatcher | undefined): boolean {
  if (!matcher) return true;
  if (matcher.kind === 'regex') return compileRegex(matcher.pattern).fullMatch('/');
  return 'value' in matcher && matcher.value === '/';
}

function stripped(
  base: string,
  path: KongPath | undefined,
  matcher: StringMatcher | undefined,
): readonly UpstreamPath[] {
  const bare = withoutSlash(base);
  if (matcher?.kind === 'exact') return [part(matcher, full(nothingLeft(base, matcher.value)))];
  if (path?.kind === 'regex' && matcher?.kind === 'regex') return strippedPattern(base, path, matcher);
  const begin = matcher?.kind === 'prefix' ? matcher.value : '/';
  if (begin === '/') {
    const rest = part(matcher, from('/', `${bare}/`));
    return base.endsWith('/') ? [rest] : [part({ kind: 'exact', value: '/' }, full(base)), rest];
  }
  if (begin.endsWith('/')) return [part(matcher, from(begin, `${bare}/`))];
  return [
    part({ kind: 'exact', value: begin }, full(bare === '' ? '/' : bare)),
    part({ kind: 'prefix', value: `${begin}/` }, from(`${begin}/`, `${bare}/`)),
    part(matcher, from(begin, `${bare}/`)),
  ];
}

/** What is sent where the whole path is taken away. */
function nothingLeft(base: string, path: string): string {
  if (base === '/') return '/';
  const open = path.length > 1 && path.endsWith('/');
  return base.endsWith('/') ? (open ? base : base.slice(0, -1)) : open ? `${base}/` : base;
}

/** A pattern takes as much as it does from the beginning; captures of its own stand before that of the rest. */
function strippedPattern(base: string, path: KongPath, matcher: StringMatcher): readonly UpstreamPath[] {
  const { text, captures } = patternOf(path.value);
  const bare = withoutSlash(base);
  const rest: PathRewrite = {
    kind: 'regex',
    pattern: `^(?:${text})/?(?s:(.*))$`,
    substitution: `${escaped(bare)}/\\${captures + 1}`,
    all: false,
  };
  const ended = /(^|[^\\])(\\\\)*\$$/.test(text);
  if (bare === '') return [part(matcher, rest)];
  // Where it takes everything, what stands for it has the slash of the path.
  const all: UpstreamPath = {
    path: { kind: 'regex', pattern: `(?:${ended ? text.slice(0, -1) : text})` },
    rewrite: { kind: 'regex', pattern: '^(?s:.*?)(/?)$', substitution: `${escaped(bare)}\\1`, all: false },
  };
  return ended ? [all] : [all, part(matcher, rest)];
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\');

/** The matched part is replaced by the service's path as it is, without a second slash. */
function strippedV1(
  base: string,
  path: KongPath | undefined,
  matcher: StringMatcher | undefined,
): readonly UpstreamPath[] {
  if (matcher?.kind === 'exact') return [part(matcher, full(base))];
  const slash = base.endsWith('/');
  if (path?.kind === 'regex') {
    const { text, captures } = patternOf(path.value);
    const pattern = `^(?:${text})${slash ? '/?' : ''}(?s:(.*))$`;
    return [part(matcher, { kind: 'regex', pattern, substitution: `${escaped(base)}\\${captures + 1}`, all: false })];
  }
  const begin = matcher?.kind === 'prefix' ? matcher.value : '/';
  const whole = part(matcher, from(begin, base));
  if (!slash || begin.endsWith('/')) return [whole];
  return [part({ kind: 'prefix', value: `${begin}/` }, from(`${begin}/`, base)), whole];
}
