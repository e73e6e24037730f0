// What Istio's validation says about one HTTP rule of a VirtualService and what it does: validateHTTPRoute,
// validateHTTPRouteConflict and what they call, in pkg/config/validation (source of 2026-08-22). Matches and values of
// headers are in http-match.ts.

import { type Json, type JsonObject, own } from '../../model/index.js';
import { GRPC_STATUS } from '../../resources/grpc-status.js';
import { httpRule } from '../examples.js';
import type { Problem, Rule } from '../rule.js';
import { at, refused, VIRTUAL_SERVICE, warned } from './field-rule.js';
import { given, isAuthority, list, nanoseconds, number, object, regex, text } from './values.js';

const REFUSED = "Istio's webhook refuses the VirtualService.";
const TO_SHOP = 'route:\n- destination: {host: shop}';
const HTTP = 'spec.http[]';

function conflicts(value: Json, spec: JsonObject): Problem[] {
  const rule = object(value);
  const isDelegate = list(spec.hosts).length === 0;
  const problems: Problem[] = [];
  if (!isDelegate && given(rule.delegate)) {
    for (const field of ['redirect', 'route'])
      if (given(own(rule, field)))
        problems.push({ message: `a rule with a delegate cannot have ${field}`, path: [field] });
    return problems;
  }
  if (isDelegate && given(rule.delegate))
    problems.push({ message: 'a rule of a delegate cannot have a delegate of its own', path: ['delegate'] });
  const has = (field: string) => (field === 'route' ? list(rule.route).length > 0 : given(own(rule, field)));
  for (const action of ['redirect', 'directResponse']) {
    if (!has(action)) continue;
    for (const other of ['route', 'fault', 'rewrite', 'directResponse'])
      if (other !== action && has(other))
        problems.push({ message: `a rule cannot have both ${action} and ${other}`, path: [other] });
    break;
  }
  if (given(rule.mirror) && list(rule.mirrors).length)
    problems.push({ message: 'a rule cannot have both mirror and mirrors', path: ['mirrors'] });
  return problems;
}

const needsAction = (value: Json, spec: JsonObject): Problem => {
  const rule = object(value);
  const root = list(spec.hosts).length > 0 && given(rule.delegate);
  return root || given(rule.redirect) || given(rule.directResponse) || list(rule.route).length
    ? undefined
    : 'the rule has no route, redirect or directResponse';
};

/** Istio stops at the first of these. */
function redirect(value: Json, rule: Json): Problem {
  const r = object(value);
  const prefix = text(r.prefixRewrite ?? r.prefix_rewrite);
  if (text(r.uri) && prefix) return 'a redirect cannot have both uri and prefixRewrite';
  if (
    prefix &&
    list(object(rule).match).some((m) => given(object(m).uri) && object(object(m).uri).prefix === undefined)
  )
    return 'prefixRewrite needs every uri match of the rule to be a prefix';
  if (!text(r.uri) && !prefix && !text(r.authority) && !text(r.scheme) && !given(r.port) && !given(r.derivePort))
    return 'the redirect changes nothing: it needs uri, prefixRewrite, authority, scheme or port';
  const code = number(r.redirectCode);
  if (code !== 0 && (code < 300 || code > 399))
    return { message: `${code} is not a redirect code (3xx)`, path: ['redirectCode'] };
  if (text(r.scheme) && r.scheme !== 'http' && r.scheme !== 'https')
    return { message: `the scheme "${text(r.scheme)}" is not http or https`, path: ['scheme'] };
  return number(r.port) > 65535
    ? { message: `the port ${number(r.port)} is outside 1..65535`, path: ['port'] }
    : undefined;
}

function rewrite(value: Json): Problem {
  const r = object(value);
  if (text(r.uri) && given(r.uriRegexRewrite)) return 'a rewrite cannot have both uri and uriRegexRewrite';
  if (!text(r.uri) && !given(r.uriRegexRewrite) && !text(r.authority))
    return 'the rewrite changes nothing: it needs uri, uriRegexRewrite or authority';
  if (!given(r.uriRegexRewrite)) return undefined;
  const { match, rewrite: to } = object(r.uriRegexRewrite);
  if (!text(match) || !text(to))
    return { message: 'uriRegexRewrite needs both match and rewrite', path: ['uriRegexRewrite'] };
  const problem = regex(match as Json);
  return problem ? { message: problem, path: ['uriRegexRewrite', 'match'] } : undefined;
}

/** The authority is set by rewrite.authority, headers.request.set and .add: one of them at most. */
function authorityTwice(value: Json): Problem {
  const rule = object(value);
  const request = object(object(rule.headers).request);
  let current = text(object(rule.rewrite).authority);
  for (const field of ['set', 'add'])
    for (const [name, to] of Object.entries(object(own(request, field)))) {
      if (!isAuthority(name)) continue;
      if (current)
        return {
          message: `the authority is set twice, to "${current}" and to "${text(to)}"`,
          path: ['headers', 'request', field, name],
        };
      current = text(to);
    }
  return undefined;
}

/** One destination may have any weight; of several the sum has to be above 0. */
function weights(value: Json): Problem[] {
  const all = list(value).map((d) => number(object(d).weight));
  const problems: Problem[] = all.map((w, i) =>
    w < 0 ? { message: `the weight ${w} is negative`, path: [i, 'weight'] } : undefined,
  );
  if (all.length > 1 && all.reduce((a, b) => a + b, 0) === 0)
    problems.push('the weights of the destinations add up to 0');
  return problems;
}

/** Go's net/http StatusText knows these (net/http/status.go). */
const isStatus = (code: number): boolean =>
  (code >= 100 && code <= 103) ||
  (code >= 200 && code <= 208) ||
  code === 226 ||
  (code >= 300 && code <= 308 && code !== 306) ||
  (code >= 400 && code <= 418) ||
  (code >= 421 && code <= 426) ||
  [428, 429, 431, 451].includes(code) ||
  (code >= 500 && code <= 511 && code !== 509);
const RETRY_POLICIES = new Set(
  [
    '5xx',
    'gateway-error',
    'reset',
    'reset-before-request',
    'connect-failure',
    'retriable-4xx',
    'refused-stream',
    'retriable-status-codes',
    'retriable-headers',
  ].concat([
    'envoy-ratelimited',
    'http3-post-connect-failure',
    'cancelled',
    'deadline-exceeded',
    'internal',
    'resource-exhausted',
    'unavailable',
  ]),
);

function retries(value: Json): Problem[] {
  const r = object(value);
  const attempts = number(r.attempts);
  const problems: Problem[] = [];
  if (attempts < 0) problems.push({ message: `attempts is ${attempts}; it must be 0 or more`, path: ['attempts'] });
  if (attempts === 0 && (given(r.perTryTimeout) || text(r.retryOn) || given(r.retryRemoteLocalities)))
    problems.push('retries are configured, but attempts is 0, which turns them off');
  if (text(r.retryOn))
    for (const policy of text(r.retryOn).split(','))
      if (!RETRY_POLICIES.has(policy) && !(/^[+]?\d{1,9}$/.test(policy) && isStatus(Number(policy))))
        problems.push({ message: `"${policy}" is not a retryOn policy or an HTTP status`, path: ['retryOn'] });
  return problems;
}

function fault(value: Json): Problem[] {
  const f = object(value);
  const problems: Problem[] = [];
  if (!given(f.abort) && !given(f.delay)) problems.push('the fault has neither abort nor delay');
  const abort = object(f.abort);
  if (given(abort.grpcStatus) && !GRPC_STATUS.has(text(abort.grpcStatus)))
    problems.push({
      message: `"${text(abort.grpcStatus)}" is not a gRPC status such as NOT_FOUND`,
      path: ['abort', 'grpcStatus'],
    });
  if (given(abort.http2Error))
    problems.push({ message: 'HTTP/2 errors cannot be injected', path: ['abort', 'http2Error'] });
  if (given(object(f.delay).exponentialDelay))
    problems.push({ message: 'exponentialDelay is not implemented', path: ['delay', 'exponentialDelay'] });
  return problems;
}

const bodySize = (value: Json): number => {
  const body = object(value);
  if (typeof body.string === 'string') return Buffer.byteLength(body.string);
  return typeof body.bytes === 'string' ? Buffer.byteLength(body.bytes, 'base64') : 0;
};

const CORS_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*']);

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0420',
      name: 'route-conflict',
      title: 'Conflicting actions in one rule',
      docs: {
        happens: REFUSED,
        instead:
          'One of route, redirect, directResponse and delegate; fault and rewrite go with route; mirror or mirrors.',
        bad: httpRule(`${TO_SHOP}\nredirect: {uri: /new}`),
        good: httpRule('redirect: {uri: /new}'),
      },
    },
    at(VIRTUAL_SERVICE, HTTP, (value, { spec }) => conflicts(value, spec)),
  ),
  refused(
    {
      code: 'MGW0421',
      name: 'route-without-action',
      title: 'A rule without an action',
      docs: {
        happens: REFUSED,
        instead: 'A route, redirect, directResponse or delegate.',
        bad: httpRule('match:\n- uri: {prefix: /a}'),
        good: httpRule(`match:\n- uri: {prefix: /a}\n${TO_SHOP}`),
      },
    },
    at(VIRTUAL_SERVICE, HTTP, (value, { spec }) => needsAction(value, spec)),
  ),
  refused(
    {
      code: 'MGW0423',
      name: 'destination-weight',
      title: 'Weights are negative or all 0',
      docs: {
        happens: REFUSED,
        instead: 'Weights of 0 or more, one of them above 0.',
        bad: httpRule('route:\n- destination: {host: a}\n  weight: 0\n- destination: {host: b}\n  weight: 0'),
        good: httpRule('route:\n- destination: {host: a}\n  weight: 90\n- destination: {host: b}\n  weight: 10'),
      },
    },
    at(VIRTUAL_SERVICE, ['spec.http[].route', 'spec.tls[].route', 'spec.tcp[].route'], weights),
  ),
  refused(
    {
      code: 'MGW0424',
      name: 'redirect',
      title: 'Invalid redirect',
      docs: {
        happens: REFUSED,
        instead: 'What changes (uri, prefixRewrite, authority, scheme, port) and a 3xx code.',
        bad: httpRule('redirect: {redirectCode: 301}'),
        good: httpRule('redirect: {uri: /new, redirectCode: 301}'),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.http[].redirect', (value, place) => redirect(value, place.up(1))),
  ),
  refused(
    {
      code: 'MGW0425',
      name: 'rewrite',
      title: 'Invalid rewrite',
      docs: {
        happens: REFUSED,
        instead: 'One of uri and uriRegexRewrite, or authority.',
        bad: httpRule(`rewrite: {}\n${TO_SHOP}`),
        good: httpRule(`rewrite: {uri: /new}\n${TO_SHOP}`),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.http[].rewrite', rewrite),
  ),
  refused(
    {
      code: 'MGW0426',
      name: 'authority-set-twice',
      title: 'The authority is set in more than one way',
      docs: {
        happens: REFUSED,
        instead: 'One of rewrite.authority and a host header in headers.request.',
        bad: httpRule(`rewrite: {authority: a.internal}\nheaders: {request: {set: {Host: b.internal}}}\n${TO_SHOP}`),
        good: httpRule(`rewrite: {authority: a.internal}\n${TO_SHOP}`),
      },
    },
    at(VIRTUAL_SERVICE, HTTP, authorityTwice),
  ),
  refused(
    {
      code: 'MGW0427',
      name: 'cors-policy',
      title: 'Invalid CORS policy',
      docs: {
        happens: REFUSED,
        instead: 'Origins with a value, methods of HTTP (or "*"), maxAge in whole seconds.',
        bad: httpRule(`corsPolicy: {allowMethods: [FETCH]}\n${TO_SHOP}`),
        good: httpRule(`corsPolicy: {allowMethods: [GET]}\n${TO_SHOP}`),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.http[].corsPolicy.allowOrigins[]', (value) => {
      const { exact, prefix, regex: pattern } = object(value);
      return text(exact ?? prefix ?? pattern) ? undefined : 'the origin is empty';
    }),
    at(VIRTUAL_SERVICE, 'spec.http[].corsPolicy.allowMethods[]', (value) =>
      typeof value !== 'string' || CORS_METHODS.has(value) ? undefined : `"${value}" is not an HTTP method`,
    ),
    at(VIRTUAL_SERVICE, 'spec.http[].corsPolicy.maxAge', (value) =>
      (nanoseconds(text(value)) ?? 0) % 1e9 > 0 ? 'maxAge is in whole seconds' : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW0428',
      name: 'fault-injection',
      title: 'Invalid fault injection',
      docs: {
        happens: REFUSED,
        instead: 'An abort with httpStatus or grpcStatus, or a delay with fixedDelay.',
        bad: httpRule(`fault: {}\n${TO_SHOP}`),
        good: httpRule(`fault: {abort: {httpStatus: 503, percentage: {value: 10}}}\n${TO_SHOP}`),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.http[].fault', fault),
  ),
  refused(
    {
      code: 'MGW0430',
      name: 'retries',
      title: 'Invalid retry policy',
      docs: {
        happens: REFUSED,
        instead: 'Attempts above 0 and policies that Envoy supports, separated by commas without spaces.',
        bad: httpRule(`retries: {attempts: 3, retryOn: always}\n${TO_SHOP}`),
        good: httpRule(`retries: {attempts: 3, retryOn: "gateway-error,503"}\n${TO_SHOP}`),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.http[].retries', retries),
  ),
  refused(
    {
      code: 'MGW0431',
      name: 'mirror-percentage',
      title: 'The percentage of a mirror is not between 0 and 100',
      docs: {
        happens: REFUSED,
        instead: 'mirrorPercentage.value from 0 to 100.',
        bad: httpRule(`mirror: {host: shadow}\nmirrorPercentage: {value: 150}\n${TO_SHOP}`),
        good: httpRule(`mirror: {host: shadow}\nmirrorPercentage: {value: 50}\n${TO_SHOP}`),
      },
    },
    at(
      VIRTUAL_SERVICE,
      [
        'spec.http[].mirrorPercentage.value',
        'spec.http[].mirrors[].percentage.value',
        'spec.http[].mirrorPercent',
        'spec.http[].mirror_percent',
      ],
      (value) =>
        typeof value === 'number' && (value < 0 || value > 100) ? `${value} is not between 0 and 100` : undefined,
    ),
  ),
  warned(
    {
      code: 'MGW0432',
      name: 'mirror-percent-deprecated',
      title: 'mirrorPercent is deprecated',
      docs: {
        happens: 'It works, but a later version may remove it.',
        instead: 'mirrorPercentage: {value: …}.',
        bad: httpRule(`mirror: {host: shadow}\nmirrorPercent: 50\n${TO_SHOP}`),
        good: httpRule(`mirror: {host: shadow}\nmirrorPercentage: {value: 50}\n${TO_SHOP}`),
      },
    },
    at(VIRTUAL_SERVICE, ['spec.http[].mirrorPercent', 'spec.http[].mirror_percent'], (value, { path, resource }) => ({
      message: `mirrorPercent is deprecated; write mirrorPercentage: {value: ${number(value)}}`,
      fix: {
        description: `write mirrorPercentage: {value: ${number(value)}}`,
        edits: [
          { op: 'remove', origin: { resource, path } },
          {
            op: 'set',
            origin: { resource, path: [...path.slice(0, -1), 'mirrorPercentage'] },
            value: { value: number(value) },
          },
        ],
      },
    })),
  ),
  refused(
    {
      code: 'MGW0433',
      name: 'direct-response-too-large',
      title: 'The body of a direct response is above 1 MB',
      docs: {
        happens: `${REFUSED} The body is part of the configuration that every gateway receives.`,
        instead: 'A small body, or a service that sends it.',
        bad: httpRule('directResponse: {status: 200, body: {string: "… 2 MB …"}}'),
        abridged: true,
        good: httpRule('directResponse: {status: 200, body: {string: "ok"}}'),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.http[].directResponse.body', (value) =>
      bodySize(value) > 1024 * 1024 ? 'the body is larger than 1 MB' : undefined,
    ),
  ),
  warned(
    {
      code: 'MGW0434',
      name: 'direct-response-large',
      title: 'The body of a direct response is above 100 KB',
      docs: {
        happens: 'The body is part of the configuration that every gateway receives: pushes become slow.',
        instead: 'A small body, or a service that sends it.',
        bad: httpRule('directResponse: {status: 200, body: {string: "… 150 KB …"}}'),
        abridged: true,
        good: httpRule('directResponse: {status: 200, body: {string: "ok"}}'),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.http[].directResponse.body', (value) => {
      const size = bodySize(value);
      return size > 100 * 1024 && size <= 1024 * 1024 ? 'the body is larger than 100 KB' : undefined;
    }),
  ),
  warned(
    {
      code: 'MGW0429',
      severity: 'info',
      name: 'abort-without-type',
      title: 'An abort has no status',
      docs: {
        happens: 'Nothing is aborted. (`istioctl` has a warning for this and does not print it.)',
        instead: 'httpStatus or grpcStatus.',
        bad: httpRule(`fault: {abort: {percentage: {value: 10}}}\n${TO_SHOP}`),
        good: httpRule(`fault: {abort: {httpStatus: 503, percentage: {value: 10}}}\n${TO_SHOP}`),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.http[].fault.abort', (value) => {
      const abort = object(value);
      return ['httpStatus', 'grpcStatus', 'http2Error'].some((f) => given(own(abort, f)))
        ? undefined
        : 'the abort has neither httpStatus nor grpcStatus';
    }),
  ),
];
