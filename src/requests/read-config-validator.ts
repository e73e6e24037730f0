// Test cases of istio-config-validator (github.com/getyourguide/istio-config-validator, docs/test-cases.md): each lists
// authorities, methods and URIs, and means every combination.

import { type GatewayRequest, own } from '../model/index.js';
import { isTlsPort, portOfAuthority } from './authority.js';
import type { ExpectedDestination, ExpectedOutcome, ExpectedResult, RequestCase } from './expectation.js';
import { badField, below, type Cursor, type Fields, fieldsOf, headersOf, isFields, listOf, textOf } from './fields.js';

/** More combinations than this in one test case are refused. */
const MAX_COMBINATIONS = 10_000;

export function readConfigValidator(items: readonly unknown[], at: Cursor, notes: string[]): RequestCase[] {
  return items.flatMap((item, i) => {
    const place = below(at, i);
    const test = fieldsOf(item, place, 'a test case');
    const name =
      test.description === undefined
        ? `test case ${i + 1}`
        : textOf(test.description, below(place, 'description'), 'description');
    const expected = expectedOf(test, place);
    if (test.delegate !== undefined) notes.push(`${name}: delegate is not checked`);
    const negate = test.wantMatch === false;
    return requestsOf(fieldsOf(test.request, below(place, 'request'), 'request'), below(place, 'request')).map(
      (request) => ({
        name: `${name}: ${request.method} ${request.host}${request.path}`,
        request,
        expected,
        ...(negate ? { negate } : {}),
      }),
    );
  });
}

function requestsOf(request: Fields, at: Cursor): GatewayRequest[] {
  const list = (key: string, fallback: string): string[] => {
    const value = own(request, key);
    if (value === undefined) return [fallback];
    return listOf(Array.isArray(value) ? value : [value], below(at, key), key).map((v, i) =>
      textOf(v, below(at, key, i), key),
    );
  };
  const hosts = list('authority', '');
  const methods = list('method', 'GET');
  const paths = list('uri', '/');
  const schemes = request.scheme === undefined ? undefined : list('scheme', 'http');
  if (hosts.length * methods.length * paths.length * (schemes?.length ?? 1) > MAX_COMBINATIONS)
    throw badField(at, `more than ${MAX_COMBINATIONS} combinations of authority, method, uri and scheme`);
  const headers =
    request.headers === undefined || request.headers === null
      ? undefined
      : headersOf(request.headers, below(at, 'headers'));
  return hosts.flatMap((host) =>
    methods.flatMap((method) =>
      paths.flatMap((path) =>
        (schemes ?? [isTlsPort(portOfAuthority(host)) ? 'https' : 'http']).map((scheme) => ({
          port: portOfAuthority(host) ?? (scheme === 'https' ? 443 : 80),
          scheme: scheme === 'https' ? ('https' as const) : ('http' as const),
          method,
          host,
          path,
          ...(headers ? { headers } : {}),
        })),
      ),
    ),
  );
}

function expectedOf(test: Fields, at: Cursor): ExpectedResult {
  const routes = test.route === undefined || test.route === null ? [] : listOf(test.route, below(at, 'route'), 'route');
  const outcomes = routes.map((route, i) => outcomeOf(route, below(at, 'route', i)));
  const [only] = outcomes;
  const rewrite = isFields(test.rewrite) ? test.rewrite : {};
  const redirect = isFields(test.redirect) ? test.redirect : undefined;
  const upstream = {
    ...(typeof rewrite.uri === 'string' ? { path: rewrite.uri } : {}),
    ...(typeof rewrite.authority === 'string' ? { host: rewrite.authority } : {}),
  };
  return {
    ...(outcomes.length === 1 && only ? { destination: only } : {}),
    ...(outcomes.length > 1 ? { split: outcomes } : {}),
    ...(redirect
      ? { destination: null, ...(typeof redirect.redirectCode === 'number' ? { status: redirect.redirectCode } : {}) }
      : {}),
    ...(Object.keys(upstream).length > 0 ? { upstream } : {}),
  };
}

function outcomeOf(value: unknown, at: Cursor): ExpectedOutcome & ExpectedDestination {
  const route = fieldsOf(value, at, 'a route');
  const destination = fieldsOf(route.destination, below(at, 'destination'), 'destination');
  return {
    host: textOf(destination.host, below(at, 'destination', 'host'), 'host'),
    ...(isFields(destination.port)
      ? { port: Number(textOf(destination.port.number, below(at, 'destination', 'port', 'number'), 'port.number')) }
      : {}),
    ...(typeof destination.subset === 'string' ? { subset: destination.subset } : {}),
    ...(typeof route.weight === 'number' ? { weight: route.weight } : {}),
  };
}
