// cors (kong/plugins/cors/handler.lua): preflights are answered before anything else, other answers get their headers on the way back.

import type { HeaderMatcher } from '../../../model/index.js';
import type { KongPlugin } from '../entities.js';
import { foundIn, literally } from '../patterns.js';
import { absent, answered, type Branch, type Edit, NOT_EMPTY, present, withHeader } from './branch.js';
import { flag, number, texts } from './config.js';
import type { PluginRules } from './plugin.js';

const METHODS = 'GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS,TRACE,CONNECT';

const set = (name: string, value: string): Edit => ({ op: 'set', name, value });
const ALLOW_ORIGIN = 'access-control-allow-origin';
/** An empty Origin counts as none. */
const HAS_ORIGIN: HeaderMatcher = { name: 'origin', value: NOT_EMPTY };

export const rules: PluginRules = {
  name: 'cors',
  priority: 2000,
  access(branch, plugin) {
    const preflight = [
      { name: ':method', value: { kind: 'exact', value: 'OPTIONS' } } as const,
      HAS_ORIGIN,
      present('access-control-request-method'),
    ].reduce<Branch | undefined>((b, matcher) => b && withHeader(b, matcher), branch);
    if (!preflight) return [branch];
    const skipping: Branch = { ...preflight, skipCors: true };
    if (flag(plugin, 'preflight_continue', false)) return [skipping, branch];
    return [...byOrigin(skipping, plugin, true).flatMap((b) => answers(b, plugin)), branch];
  },
  headerFilter(branch, plugin) {
    if (branch.skipCors) return [branch];
    const exposed = texts(plugin, 'exposed_headers') ?? [];
    const expose = (b: Branch): Branch =>
      exposed.length === 0
        ? b
        : { ...b, response: [...b.response, set('access-control-expose-headers', exposed.join(','))] };
    const asked = withHeader(branch, HAS_ORIGIN);
    const withOrigin = asked ? byOrigin(asked, plugin, true).map(expose) : [];
    const other = flag(plugin, 'allow_origin_absent', true) ? byOrigin(branch, plugin, false).map(expose) : [branch];
    // Whatever the origin, the same: one branch.
    const [a, b] = [withOrigin, other];
    if (a.length === 1 && b.length === 1 && JSON.stringify(a[0]!.response) === JSON.stringify(b[0]!.response)) return b;
    return [...withOrigin, ...other];
  },
};

/** configure_origin and configure_credentials. `given`: the request has an origin. */
function byOrigin(branch: Branch, plugin: KongPlugin, given: boolean): readonly Branch[] {
  const origins = texts(plugin, 'origins') ?? [];
  const credentials = flag(plugin, 'credentials', false);
  const add = (b: Branch, edits: readonly Edit[]): Branch => ({ ...b, response: [...b.response, ...edits] });
  const allowed = credentials ? [set('access-control-allow-credentials', 'true')] : [];
  const all = (b: Branch, before: readonly Edit[] = []): Branch =>
    credentials && given
      ? add(b, [set('vary', 'Origin'), set(ALLOW_ORIGIN, '%REQ(origin)%'), ...allowed])
      : add(b, [...before, set(ALLOW_ORIGIN, '*')]);
  if (origins.length === 0 || (origins.length === 1 && origins[0] === '*')) return [all(branch)];
  const vary = set('vary', 'Origin');
  const [only = ''] = origins;
  if (origins.length === 1 && PLAIN.test(only)) return [add(branch, [vary, set(ALLOW_ORIGIN, only), ...allowed])];
  const none = add(branch, [vary, { op: 'remove', name: ALLOW_ORIGIN }, ...allowed]);
  if (!given) return [none];
  const out: Branch[] = [];
  for (const entry of origins) {
    if (entry === '*') return [...out, all(branch, [vary])];
    const matched = withHeader(branch, originMatcher(entry));
    if (!matched) continue;
    // The origin of a browser is normal: scheme, host, and a port that is not the scheme's.
    out.push(add(matched, [vary, set(ALLOW_ORIGIN, PLAIN.test(entry) ? normal(entry) : '%REQ(origin)%'), ...allowed]));
  }
  return [...out, none];
}

const PLAIN = /^[A-Za-z0-9.:/-]+$/;

/** Without the port that the scheme has, and without a path. */
function normal(origin: string): string {
  const found = /^(\w+):\/\/([^:/]+)(?::(\d+))?/.exec(origin);
  if (!found) return origin;
  const [, scheme, host, port] = found;
  const usual = (scheme === 'http' && port === '80') || (scheme === 'https' && port === '443');
  return `${scheme}://${host}${port === undefined || usual ? '' : `:${port}`}`;
}

function originMatcher(entry: string): HeaderMatcher {
  if (PLAIN.test(entry)) {
    const wanted = normal(entry);
    const port = wanted.startsWith('https:') ? '(?::443)?' : wanted.startsWith('http:') ? '(?::80)?' : '';
    const spelled = /:\d+$/.test(wanted) ? literally(wanted) : literally(wanted) + port;
    return { name: 'origin', value: { kind: 'regex', pattern: `${spelled}(?:/.*)?` } };
  }
  const pattern = `${entry.replace(/^\^/, '').replace(/\$$/, '')}`;
  // Without a colon the entry is about the host alone.
  const host = entry.includes(':') ? '' : '(?:[A-Za-z][A-Za-z0-9+.-]*://)?';
  const port = entry.includes(':') ? '' : '(?::\\d+)?';
  return { name: 'origin', value: { kind: 'regex', pattern: `${host}(?:${anchored(pattern)})${port}` } };
}

/** Without what `foundIn` puts around a pattern that may stand anywhere. */
const anchored = (pattern: string): string => foundIn(`^${pattern}$`, false).replace(/^\(\?:(.*)\)$/s, '$1');

/** What only a preflight gets. */
function answers(branch: Branch, plugin: KongPlugin): readonly Branch[] {
  const headers = texts(plugin, 'headers') ?? [];
  const maxAge = number(plugin, 'max_age');
  const rest: Edit[] = [
    set('access-control-allow-methods', texts(plugin, 'methods')?.join(',') ?? METHODS),
    ...(maxAge === undefined ? [] : [set('access-control-max-age', String(maxAge))]),
  ];
  const done = (b: Branch, allow: readonly Edit[]): Branch =>
    answered(
      { ...b, response: [...b.response, ...allow, ...rest] },
      { kind: 'direct-response', status: 200 },
      plugin.origin,
    );
  if (headers.length > 0)
    return privateNetwork(done(branch, [set('access-control-allow-headers', headers.join(','))]), plugin);
  const asked = withHeader(branch, present('access-control-request-headers'));
  const silent = withHeader(branch, absent('access-control-request-headers'));
  return [
    ...(asked ? [done(asked, [set('access-control-allow-headers', '%REQ(access-control-request-headers)%')])] : []),
    ...(silent ? [done(silent, [])] : []),
  ].flatMap((b) => privateNetwork(b, plugin));
}

function privateNetwork(branch: Branch, plugin: KongPlugin): readonly Branch[] {
  if (!flag(plugin, 'private_network', false)) return [branch];
  const asked = withHeader(branch, {
    name: 'access-control-request-private-network',
    value: { kind: 'exact', value: 'true' },
  });
  const more = asked && {
    ...asked,
    response: [...asked.response, set('access-control-allow-private-network', 'true')],
  };
  return more ? [more, branch] : [branch];
}
