// RedirectScheme and RedirectRegex: pkg/middlewares/redirect. 302 for GET and 307 for others, 301 and 308 where they are permanent.

import type { HeaderMatcher, Redirect, Route } from '../../../model/index.js';
import { compileRegex } from '../../../regex/match.js';
import { booleanOf, numberOf, stringOf } from '../../../resources/fields.js';
import { answerTemplate, questionName } from '../engine.js';
import { Disabled } from '../names.js';
import { goRegex } from '../rules/go-regex.js';
import { answerRoute, type Flow, headerNow, pathRewriteOf, withHeader } from './flow.js';
import type { Kind, Place, Step } from './middleware.js';
import { STATUS_TEXT } from './status-text.js';

/** One for GET and one for every other method; `make`: the redirect without its status. */
function byMethod(flow: Flow, permanent: boolean, always: number | undefined, make: Target): readonly Route[] {
  const redirect = (of: Flow, status: number): Route =>
    answerRoute(of, { kind: 'redirect', status, ...make, body: STATUS_TEXT.get(status) ?? '' });
  if (always !== undefined) return [redirect(flow, always)];
  const get: HeaderMatcher = { name: ':method', value: { kind: 'exact', value: 'GET' } };
  return [redirect(withHeader(flow, get), permanent ? 301 : 302), redirect(flow, permanent ? 308 : 307)];
}

export const redirectScheme: Kind = (spec) => {
  const scheme = stringOf(spec.scheme) ?? '';
  if (scheme === '') throw new Disabled('redirectScheme names no scheme');
  return schemeRedirect(
    scheme,
    stringOf(spec.port) ?? '',
    booleanOf(spec.permanent) ?? false,
    booleanOf(spec.forcePermanentRedirect) === true,
  );
};

/** `written`: the port as it is written, empty for none. Nobody looks at either before a request comes. */
export function schemeRedirect(scheme: string, written: string, permanent: boolean, force = false): Step {
  const usual = (scheme === 'http' && written === '80') || (scheme === 'https' && written === '443');
  const port = usual ? '' : written;
  const always = force ? 308 : undefined;
  return (flow, place, next) => {
    const host = hostNow(flow);
    if ((scheme !== 'http' && scheme !== 'https') || !PLAIN_PORT.test(port) || (host && !PLAIN_HOST.test(host))) {
      const replacement = `${scheme}://\${2}${port === '' ? '' : `:${port}`}\${4}`;
      const routes = byPattern(flow, { pattern: WHOLE_URL, replacement }, permanent, always);
      // Without references the URL is never the one that was asked for.
      return `${scheme}${port}`.includes('$') ? [...routes, ...next(flow)] : routes;
    }
    const to = redirectTo(flow, scheme, port);
    const current = schemeNow(flow, place);
    if (current !== scheme) return byMethod(flow, permanent, always, to);
    // The same scheme: only a port that changes is redirected.
    const own = current === 'http' ? '80' : '443';
    const pattern = port === '' ? `(?:[^:]*|\\[.*\\])(?::${own})?` : `(?s:.*):${port}`;
    if (host !== undefined)
      return compileRegex(pattern).fullMatch(host) ? next(flow) : byMethod(flow, permanent, always, to);
    const other: HeaderMatcher = { name: ':authority', value: { kind: 'regex', pattern }, invert: true };
    return [...byMethod(withHeader(flow, other), permanent, always, to), ...next(flow)];
  };
}

const PLAIN_PORT = /^(?:|0|[1-9][0-9]{0,14})$/;
const PLAIN_HOST = /^[\w.-]+(?::[0-9]+)?$/;
const WHOLE_URL = '^(https?:\\/\\/)?(\\[[\\w:.]+\\]|[\\w\\._-]+)?(:\\d+)?(.*)$';

/** What a middleware made of the Host header; undefined: it is the client's. */
const hostNow = ({ host }: Flow): string | undefined => host?.replaceAll('%%', '%');

type Target = Omit<Redirect, 'kind' | 'status'>;

function redirectTo(flow: Flow, scheme: 'http' | 'https', port: string): Target {
  const path = pathRewriteOf(flow);
  const host = hostNow(flow)?.replace(/:[0-9]+$/, '');
  return {
    scheme,
    ...(host === undefined ? {} : { host }),
    ...(port === '' ? {} : { port: Number(port) }),
    ...(path ? { path } : {}),
  };
}

/** Requests that the pattern changes. Where what it makes is no URL, the engine answers 502. */
function byPattern(
  flow: Flow,
  pattern: { readonly pattern: string; readonly replacement: string },
  permanent: boolean,
  always: number | undefined,
): readonly Route[] {
  const host = hostNow(flow);
  const redirect = { ...pattern, ...(host === undefined ? {} : { host }) };
  const question = { ask: 'redirect' as const, steps: flow.steps, redirect };
  const asked = withHeader(flow, { name: questionName(question), value: { kind: 'any' } });
  return byMethod(asked, permanent, always, { location: answerTemplate(question) });
}

/** X-Forwarded-Proto counts, which the entry point sets from the connection, and a Headers middleware may change. */
function schemeNow(flow: Flow, { tls }: Place): string {
  const changed = headerNow(flow, 'x-forwarded-proto');
  const said = changed?.value?.toLowerCase();
  if (said === 'http' || said === 'ws') return 'http';
  if (said === 'https' || said === 'wss') return 'https';
  return tls ? 'https' : 'http';
}

export const redirectRegex: Kind = (spec) => {
  const pattern = goRegex(stringOf(spec.regex) ?? '');
  const replacement = stringOf(spec.replacement) ?? '';
  const permanent = booleanOf(spec.permanent) ?? false;
  const always = numberOf(spec.statusCode) || undefined;
  return (flow, _, next) => [...byPattern(flow, { pattern, replacement }, permanent, always), ...next(flow)];
};
