// Headers: pkg/middlewares/headers (custom headers and CORS outside, then security headers by github.com/unrolled/secure v1.0.9).

import {
  type HeaderMatcher,
  isObject,
  type JsonObject,
  own,
  plainTemplate,
  type Route,
  type StringMatcher,
} from '../../../model/index.js';
import { compileRegex } from '../../../regex/match.js';
import { quoteRegex } from '../../../regex/quote.js';
import { booleanOf, numberOf, stringMapOf, stringOf, stringsOf } from '../../../resources/fields.js';
import { Disabled } from '../names.js';
import { goRegex } from '../rules/go-regex.js';
import { anywhere } from '../rules/patterns.js';
import { answerRoute, type Flow, type HeaderChange, headerNow, withHeader } from './flow.js';
import type { Kind, Place, Step } from './middleware.js';
import { NOSNIFF } from './paths.js';

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && value !== '' && value !== 0 &&
  !(Array.isArray(value) && value.length === 0) && !(isObject(value as never) && Object.keys(value as object).length === 0); // biome-ignore format: lines

const CUSTOM = ['customRequestHeaders', 'customResponseHeaders'];
const CORS = [
  'accessControlAllowCredentials', 'accessControlAllowHeaders', 'accessControlAllowMethods', 'accessControlAllowOriginList',
  'accessControlAllowOriginListRegex', 'accessControlExposeHeaders', 'accessControlMaxAge', 'addVaryHeader',
]; // biome-ignore format: lines
const SECURE = [
  'allowedHosts', 'browserXssFilter', 'contentSecurityPolicy', 'contentSecurityPolicyReportOnly', 'contentTypeNosniff',
  'customBrowserXSSValue', 'customFrameOptionsValue', 'featurePolicy', 'forceSTSHeader', 'frameDeny', 'hostsProxyHeaders',
  'isDevelopment', 'permissionsPolicy', 'publicKey', 'referrerPolicy', 'sslForceHost', 'sslHost', 'sslProxyHeaders', 'sslRedirect',
  'sslTemporaryRedirect', 'stsIncludeSubdomains', 'stsPreload', 'stsSeconds',
]; // biome-ignore format: lines

export const headers: Kind = (spec) => {
  const has = (keys: readonly string[]) => keys.some((key) => isSet(own(spec, key)));
  const [custom, cors, secure] = [has(CUSTOM), has(CORS), has(SECURE)];
  if (!custom && !cors && !secure) throw new Disabled('the middleware sets no header');
  for (const pattern of stringsOf(spec.accessControlAllowOriginListRegex)) goRegex(pattern);
  const inner = secure ? secureHeaders(spec) : undefined;
  const outer = custom || cors ? customHeaders(spec, cors) : undefined;
  return (flow, place, next) => {
    const inside = (of: Flow): readonly Route[] => (inner ? inner(of, place, next) : next(of));
    return outer ? outer(flow, place, inside) : inside(flow);
  };
};

/** header.go. */
function customHeaders(spec: JsonObject, cors: boolean): Step {
  const response = Object.entries(stringMapOf(spec.customResponseHeaders)).map(([name, value]) => change(name, value));
  return (flow, _, next) => {
    const changed = requestChanges(spec, flow);
    const preflights = cors ? preflightRoutes(spec, flow) : [];
    const origins = allowedOrigins(spec, flow);
    const answers = (more: readonly HeaderChange[]): Flow => ({
      ...changed,
      response: [...flow.response, [...response, ...more, ...corsAnswers(spec)]],
    });
    return [
      ...preflights,
      ...origins.flatMap(({ matcher, value }) => {
        const of = answers(value === undefined ? [] : [{ op: 'set', name: 'access-control-allow-origin', value }]);
        return next(matcher ? withHeader(of, matcher) : of);
      }),
    ];
  };
}

const change = (name: string, value: string): HeaderChange => ({
  op: value === '' ? 'remove' : 'set',
  name: name.toLowerCase(),
  value: plainTemplate(value),
});

function requestChanges(spec: JsonObject, flow: Flow): Flow {
  let host: string | undefined;
  const request = [...flow.request];
  for (const [name, value] of Object.entries(stringMapOf(spec.customRequestHeaders))) {
    if (value !== '' && name.toLowerCase() === 'host') host = plainTemplate(value);
    else if (name.toLowerCase() !== 'host') request.push(change(name, value));
  }
  return { ...flow, request, ...(host === undefined ? {} : { host }) };
}

/** Of answers whatever the origin. */
function corsAnswers(spec: JsonObject): readonly HeaderChange[] {
  return [
    ...credentials(spec),
    ...exposed(spec),
    ...(booleanOf(spec.addVaryHeader) ? [{ op: 'add' as const, name: 'vary', value: 'Origin' }] : []),
  ];
}

const credentials = (spec: JsonObject): readonly HeaderChange[] =>
  booleanOf(spec.accessControlAllowCredentials)
    ? [{ op: 'set', name: 'access-control-allow-credentials', value: 'true' }]
    : [];

function exposed(spec: JsonObject): readonly HeaderChange[] {
  const list = stringsOf(spec.accessControlExposeHeaders);
  if (list.length === 0 || (list.includes('*') && booleanOf(spec.accessControlAllowCredentials))) return [];
  return [{ op: 'set', name: 'access-control-expose-headers', value: plainTemplate(list.join(',')) }];
}

/** Parts of all requests by their origin, the first that matches counts; the value of Access-Control-Allow-Origin. matchOrigin in header.go. */
function allowedOrigins(
  spec: JsonObject,
  flow: Flow,
): readonly { readonly matcher?: HeaderMatcher; readonly value?: string }[] {
  const list = stringsOf(spec.accessControlAllowOriginList);
  const patterns = stringsOf(spec.accessControlAllowOriginListRegex);
  if (list.length === 0 && patterns.length === 0) return [{}];
  const constant = headerNow(flow, 'origin');
  const echo = constant ? (constant.value ?? '') : '%REQ(origin)%';
  const star = list.indexOf('*');
  const named = star < 0 ? list : list.slice(0, star);
  const withCredentials = booleanOf(spec.accessControlAllowCredentials);
  const alternatives = [...named.map(quoteRegex), ...(star < 0 ? patterns.map((p) => `(?:${anywhere(p)})`) : [])];
  const value: StringMatcher | undefined =
    alternatives.length === 0 ? undefined : { kind: 'regex', pattern: alternatives.join('|') };
  // An empty list entry allows who names no origin.
  const empty = value && 'pattern' in value && compileRegex(value.pattern).fullMatch('');
  const allowed = value
    ? [{ matcher: { name: 'origin', value, ...(empty ? { missing: 'empty' as const } : {}) }, value: echo }]
    : [];
  const rest = star < 0 ? {} : { value: withCredentials ? echo : '*' };
  return [...allowed, rest];
}

/** Answered with 200 before everything inside, whatever the origin. */
function preflightRoutes(spec: JsonObject, flow: Flow): readonly Route[] {
  const present = (name: string): HeaderMatcher => ({ name, value: { kind: 'regex', pattern: '(?s:.+)' } });
  const asked = withHeader(
    flow,
    { name: ':method', value: { kind: 'exact', value: 'OPTIONS' } },
    present('access-control-request-method'),
  );
  const own = [...credentials(spec), ...lists(spec), ...exposed(spec), ...maxAge(spec)];
  return allowedOrigins(spec, flow).map(({ matcher, value }) => {
    // Whose test no empty text passes is there.
    const tests =
      matcher && matcher.missing === undefined ? [matcher] : [present('origin'), ...(matcher ? [matcher] : [])];
    return answerRoute({ ...asked, headers: [...asked.headers, ...tests] }, { kind: 'direct-response', status: 200 }, [
      ...own,
      ...(value === undefined ? [] : [{ op: 'set' as const, name: 'access-control-allow-origin', value }]),
    ]);
  });
}

function lists(spec: JsonObject): readonly HeaderChange[] {
  const withCredentials = booleanOf(spec.accessControlAllowCredentials);
  return (
    [
      ['accessControlAllowHeaders', 'access-control-allow-headers', 'access-control-request-headers'],
      ['accessControlAllowMethods', 'access-control-allow-methods', 'access-control-request-method'],
    ] as const
  ).flatMap(([key, name, asked]): HeaderChange[] => {
    const list = stringsOf(own(spec, key));
    if (list.includes('*') && withCredentials) return [{ op: 'set', name, value: `%REQ(${asked})%` }];
    return list.join(',') === '' ? [] : [{ op: 'set', name, value: plainTemplate(list.join(',')) }];
  });
}

const maxAge = (spec: JsonObject): readonly HeaderChange[] => {
  const seconds = numberOf(spec.accessControlMaxAge);
  return seconds === undefined ? [] : [{ op: 'set', name: 'access-control-max-age', value: String(seconds) }];
};

/** secure.go of unrolled/secure: processRequest and ModifyResponseHeaders. */
function secureHeaders(spec: JsonObject): Step {
  const development = booleanOf(spec.isDevelopment) === true;
  const hosts = stringsOf(spec.allowedHosts);
  return (flow, place, next) => {
    const inside = next({ ...flow, response: [...flow.response, answersOf(spec, place)] });
    if (development || hosts.length === 0) return inside;
    const bad: HeaderMatcher = {
      name: ':authority',
      value: { kind: 'regex', pattern: hosts.map((h) => `(?i:${quoteRegex(h)})`).join('|') },
      invert: true,
    };
    return [
      answerRoute(withHeader(flow, bad), { kind: 'direct-response', status: 500, body: 'Bad Host\n' }, [NOSNIFF]),
      ...inside,
    ];
  };
}

function answersOf(spec: JsonObject, place: Place): readonly HeaderChange[] {
  const out: HeaderChange[] = [];
  const put = (name: string, value: string | undefined): void => {
    if (value) out.push({ op: 'set', name, value: plainTemplate(value) });
  };
  const text = (key: string): string | undefined => stringOf(own(spec, key)) || undefined;
  const given = (key: string): boolean => booleanOf(own(spec, key)) === true;
  put('strict-transport-security', transportSecurity(spec, place));
  put('x-frame-options', text('customFrameOptionsValue') ?? (given('frameDeny') ? 'DENY' : undefined));
  put('x-content-type-options', given('contentTypeNosniff') ? 'nosniff' : undefined);
  put('x-xss-protection', text('customBrowserXSSValue') ?? (given('browserXssFilter') ? '1; mode=block' : undefined));
  if (place.tls && !given('isDevelopment')) put('public-key-pins', text('publicKey'));
  put('content-security-policy', text('contentSecurityPolicy'));
  put('content-security-policy-report-only', text('contentSecurityPolicyReportOnly'));
  put('referrer-policy', text('referrerPolicy'));
  put('permissions-policy', text('permissionsPolicy'));
  return out;
}

function transportSecurity(spec: JsonObject, { tls }: Place): string | undefined {
  const seconds = numberOf(spec.stsSeconds) ?? 0;
  const given = (key: string): boolean => booleanOf(own(spec, key)) === true;
  const secure = tls || claimsSecure(spec, tls);
  if (seconds === 0 || given('isDevelopment') || !(secure || given('forceSTSHeader'))) return undefined;
  return `max-age=${seconds}${given('stsIncludeSubdomains') ? '; includeSubDomains' : ''}${given('stsPreload') ? '; preload' : ''}`;
}

/** The entry point sets X-Forwarded-Proto from the connection. */
const claimsSecure = (spec: JsonObject, tls: boolean): boolean =>
  Object.entries(stringMapOf(spec.sslProxyHeaders)).some(
    ([name, value]) => name.toLowerCase() === 'x-forwarded-proto' && value === (tls ? 'https' : 'http'),
  );
