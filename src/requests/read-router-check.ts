// Tests of Envoy's router_check_tool: docs/root/configuration/operations/tools/router_check.rst (YAML and JSON, with
// `tests:` around them or, as older files have it, an array).

import { type GatewayRequest, metadataHeader, own, put, RUNTIME_KEY } from '../model/index.js';
import { isTlsPort, portOfAuthority } from './authority.js';
import { destinationOfCluster } from './cluster-name.js';
import type { ExpectedResult, RequestCase } from './expectation.js';
import { badField, below, type Cursor, type Fields, fieldsOf, isFields, listOf, textOf } from './fields.js';

export function readRouterCheck(items: readonly unknown[], at: Cursor, notes: string[]): RequestCase[] {
  return items.map((item, i) => {
    const place = below(at, i);
    const test = fieldsOf(item, place, 'a test');
    const name =
      test.test_name === undefined ? `test ${i + 1}` : textOf(test.test_name, below(place, 'test_name'), 'test_name');
    const input = fieldsOf(test.input, below(place, 'input'), 'input');
    const note = (text: string) => notes.push(`${name}: ${text}`);
    noteUnused(input, note);
    const validate = isFields(test.validate) ? test.validate : {};
    const request = requestOf(input, below(place, 'input'));
    const random = Number(input.random_value);
    return {
      name,
      request,
      ...(Number.isInteger(random) && random >= 0 ? { random } : {}),
      expected: expectedOf(validate, below(place, 'validate'), request, note),
      ...routeOf(validate, below(place, 'validate')),
    };
  });
}

/** What the input says and no answer depends on here. */
function noteUnused(input: Fields, note: (text: string) => void): void {
  for (const [key, value] of Object.entries(input)) {
    const says = isFields(value) || (Array.isArray(value) ? value.length > 0 : value !== '' && Boolean(value));
    if (says && !USED.has(key)) note(`${key} of the input is not used`);
  }
}

const USED = new Set([
  'authority',
  ':authority',
  'path',
  ':path',
  'method',
  ':method',
  'scheme',
  ':scheme',
  'x-forwarded-proto',
  'ssl',
  'additional_request_headers',
  'additional_headers',
  'internal',
  'random_value',
  'runtime',
  'dynamic_metadata',
]);

function requestOf(input: Fields, at: Cursor): GatewayRequest {
  const text = (...names: string[]) => {
    const name = names.find((n) => own(input, n) !== undefined);
    return name === undefined ? undefined : textOf(own(input, name), below(at, name), name);
  };
  const host = text('authority', ':authority');
  if (host === undefined) throw badField(at, 'the input has no authority');
  const port = portOfAuthority(host);
  const scheme = text('scheme', ':scheme', 'x-forwarded-proto');
  const https = input.ssl === true || (scheme === undefined ? isTlsPort(port) : scheme === 'https');
  const headers: Record<string, string[]> = {};
  // As Envoy marks requests from inside.
  if (input.internal === true) put(headers, 'x-envoy-internal', ['true']);
  if (typeof input.runtime === 'string' && input.runtime !== '') put(headers, RUNTIME_KEY, [input.runtime]);
  for (const [name, values] of metadataIn(input.dynamic_metadata)) put(headers, name, [...values]);
  const listed = input.additional_request_headers ?? input.additional_headers;
  for (const [i, h] of listOf(
    listed ?? [],
    below(at, 'additional_request_headers'),
    'additional_request_headers',
  ).entries()) {
    const place = below(at, 'additional_request_headers', i);
    const header = fieldsOf(h, place, 'a header');
    const name = textOf(header.key ?? header.field, place, 'key').toLowerCase();
    put(headers, name, [...(own(headers, name) ?? []), textOf(header.value ?? '', place, 'value')]);
  }
  return {
    port: port ?? (https ? 443 : 80),
    scheme: https ? 'https' : 'http',
    method: text('method', ':method') ?? 'GET',
    host,
    path: text('path', ':path') ?? '/',
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
  };
}

/** The texts of `dynamic_metadata`, as set_metadata sets it: of one namespace the first counts, unless a later one may overwrite. */
function metadataIn(listed: unknown): Map<string, readonly string[]> {
  const byNamespace = new Map<string, Fields>();
  for (const entry of Array.isArray(listed) ? (listed as readonly unknown[]) : []) {
    if (!isFields(entry) || typeof entry.metadata_namespace !== 'string' || !isFields(entry.value)) continue;
    const { metadata_namespace: namespace, value } = entry;
    const before = byNamespace.get(namespace);
    if (!before || entry.allow_overwrite === true) byNamespace.set(namespace, { ...before, ...value });
  }
  const found = new Map<string, readonly string[]>();
  for (const [namespace, value] of byNamespace)
    addTexts(value, [], (path, texts) => found.set(metadataHeader(namespace, path), texts));
  return found;
}

const MOST_DEEP = 16;

function addTexts(
  value: Fields,
  path: readonly string[],
  add: (path: readonly string[], texts: readonly string[]) => void,
): void {
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, key];
    if (isFields(inner) && here.length < MOST_DEEP) addTexts(inner, here, add);
    else if (typeof inner === 'string') add(here, [inner]);
    else if (Array.isArray(inner))
      add(
        here,
        inner.filter((one) => typeof one === 'string'),
      );
  }
}

function expectedOf(
  validate: Fields,
  at: Cursor,
  request: GatewayRequest,
  note: (text: string) => void,
): ExpectedResult {
  const expected: { -readonly [K in keyof ExpectedResult]: ExpectedResult[K] } = {};
  const upstream: { path?: string; host?: string; set?: Record<string, string> } = {};
  const headers: Record<string, string> = {};
  for (const [key, value] of Object.entries(validate)) {
    const place = below(at, key);
    switch (key) {
      case 'cluster_name': {
        const cluster = textOf(value, place, key);
        // Without one of Istio's names the cluster itself is the destination, whatever its port.
        expected.destination = cluster === '' ? null : (destinationOfCluster(cluster) ?? { host: cluster });
        break;
      }
      // Nothing is forwarded where they are empty.
      case 'path_rewrite':
        if (value !== '') upstream.path = textOf(value, place, key);
        break;
      case 'host_rewrite':
        if (value !== '') upstream.host = textOf(value, place, key);
        break;
      case 'path_redirect':
      case 'uri_redirect': {
        const location = textOf(value, place, key);
        // Of an answer of its own the tool gives the URL of the request.
        if (location === urlOf(request)) expected.destination = null;
        else if (location !== '') headers.location = location;
        break;
      }
      case 'code_redirect':
        if (value !== 0) expected.status = Number(textOf(value, place, key));
        break;
      case 'request_header_matches':
      case 'request_header_fields':
      case 'header_fields':
      case 'custom_header_fields':
        exactHeaders(value, place, note, (name, v) => {
          if (name === ':authority') upstream.host = v;
          else if (name === ':path') upstream.path = v;
          else if (name.startsWith(':')) note(`${name} is not checked`);
          else if (own(request.headers, name)?.toString() !== v) upstream.set = { ...upstream.set, [name]: v };
        });
        break;
      case 'response_header_matches':
      case 'response_header_fields':
        exactHeaders(value, place, note, (name, v) => {
          if (OF_BODY.test(`${name}: ${v}`)) note(`${name} ${v} is not checked: Envoy gives it to each body`);
          else put(headers, name, v);
        });
        break;
      default:
        noteUnchecked(key, value, note);
    }
  }
  if (Object.keys(upstream).length > 0) expected.upstream = upstream;
  if (Object.keys(headers).length > 0) expected.headers = headers;
  return expected;
}

const DURATION = /^(\d+(?:\.\d+)?)s$/;

function noteUnchecked(key: string, value: unknown, note: (text: string) => void): void {
  if (!isOfRoute(key, value)) note(`${key} is not checked`);
}

/** What `routeOf` reads. */
const isOfRoute = (key: string, value: unknown): boolean =>
  key === 'virtual_host_name' || (key === 'timeout' && typeof value === 'string' && DURATION.test(value));

function routeOf(validate: Fields, at: Cursor): Pick<RequestCase, 'route'> {
  const virtualHost =
    validate.virtual_host_name === undefined
      ? undefined
      : textOf(validate.virtual_host_name, below(at, 'virtual_host_name'), 'virtual_host_name');
  const [, seconds] = DURATION.exec(typeof validate.timeout === 'string' ? validate.timeout : '') ?? [];
  const route = {
    ...(virtualHost === undefined ? {} : { virtualHost }),
    ...(seconds === undefined ? {} : { timeoutMs: Number(seconds) * 1000 }),
  };
  return Object.keys(route).length > 0 ? { route } : {};
}

const urlOf = ({ scheme, host, path }: GatewayRequest): string => `${scheme}://${host}${path}`;

/** Headers that every answer with a body has, which are in no configuration. */
const OF_BODY = /^(?:content-length: |content-type: text\/plain)/;

/** Only exact values can be asserted. */
function exactHeaders(
  value: unknown,
  at: Cursor,
  note: (text: string) => void,
  add: (name: string, value: string) => void,
): void {
  for (const [i, item] of listOf(value, at, 'a list of headers').entries()) {
    const header = fieldsOf(item, below(at, i), 'a header');
    const name = textOf(header.name ?? header.key ?? header.field, below(at, i), 'name').toLowerCase();
    const match = isFields(header.string_match) ? header.string_match.exact : (header.exact_match ?? header.value);
    if (typeof match === 'string' && header.invert_match !== true) {
      add(name, match);
    } else note(`the match of header ${name} is not checked: only exact values are`);
  }
}
