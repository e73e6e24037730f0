// RedirectScheme and RedirectRegex: pkg/middlewares/redirect. 302 for GET and 307 for others, 301 and 308 where they are permanent.

import type { HeaderMatcher, Redirect, Route } from '../../../model/index.js';
import { booleanOf, numberOf, stringOf } from '../../../resources/fields.js';
import { answerTemplate, questionName } from '../engine.js';
import { Disabled } from '../names.js';
import { goRegex } from '../rules/go-regex.js';
import { answerRoute, type Flow, headerNow, pathRewriteOf, withHeader } from './flow.js';
import type { Kind, Place, Step } from './middleware.js';
import { STATUS_TEXT } from './status-text.js';

/** One for GET and one for every other method; `make`: the redirect without its status. */
function byMethod(
  flow: Flow,
  permanent: boolean,
  always: number | undefined,
  make: Omit<Redirect, 'kind' | 'status'>,
): readonly Route[] {
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

/** `port`: empty for none. */
export function schemeRedirect(scheme: string, written: string, permanent: boolean, force = false): Step {
  const usual = (scheme === 'http' && written === '80') || (scheme === 'https' && written === '443');
  const port = written === '' || usual ? undefined : Number(written);
  const always = force ? 308 : undefined;
  return (flow, place, next) => {
    const current = schemeNow(flow, place);
    if (current !== scheme) return byMethod(flow, permanent, always, targetOf(flow, scheme, port));
    // The same scheme: only a port that changes is redirected.
    const own = current === 'http' ? '80' : '443';
    const stays: HeaderMatcher = {
      name: ':authority',
      value: { kind: 'regex', pattern: port === undefined ? `(?:[^:]*|\\[.*\\])(?::${own})?` : `(?s:.*):${port}` },
    };
    return [
      ...byMethod(withHeader(flow, { ...stays, invert: true }), permanent, always, targetOf(flow, scheme, port)),
      ...next(flow),
    ];
  };
}

const WHOLE_URL = '^(https?:\\/\\/)?(\\[[\\w:.]+\\]|[\\w\\._-]+)?(:\\d+)?(.*)$';

function targetOf(flow: Flow, scheme: string, port: number | undefined): Omit<Redirect, 'kind' | 'status'> {
  const { steps } = flow;
  if (scheme !== 'http' && scheme !== 'https') {
    const replacement = `${scheme}://\${2}${port === undefined ? '' : `:${port}`}\${4}`;
    return { location: answerTemplate({ ask: 'redirect', steps, redirect: { pattern: WHOLE_URL, replacement } }) };
  }
  const path = pathRewriteOf(flow);
  return {
    scheme,
    ...(port === undefined ? {} : { port }),
    ...(path ? { path } : {}),
  };
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
  const always = numberOf(spec.statusCode);
  return (flow, _, next) => {
    const host = flow.host === undefined ? {} : { host: flow.host.replaceAll('%%', '%') };
    const question = { ask: 'redirect' as const, steps: flow.steps, redirect: { pattern, replacement, ...host } };
    const asked = withHeader(flow, { name: questionName(question), value: { kind: 'any' } });
    return [...byMethod(asked, permanent, always, { location: answerTemplate(question) }), ...next(flow)];
  };
};
