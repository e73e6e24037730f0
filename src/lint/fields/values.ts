// Values: ports, durations, patterns, header names and values, percentages, as Istio's validation reads them
// (pkg/config/validation/{validation,header_value_validator}.go and agent/validation.go, source of 2026-08-22).

import { type IstioProtocol, istioProtocol } from '../../implementations/istio/protocol.js';
import type { Json, JsonObject } from '../../model/index.js';
import { patternProblem } from '../../regex/index.js';
import { nanosecondsIn, objectOf, stringOf } from '../../resources/fields.js';

type Problem = string | undefined;

export const text = (value: Json | undefined): string => stringOf(value) ?? '';
export const number = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);
export const object = (value: Json | undefined): JsonObject => objectOf(value) ?? {};
export { listOf as list } from '../../resources/fields.js';
/** Present, as a protobuf message field is: written and not null. */
export const given = (value: Json | undefined): value is Exclude<Json, null> => value !== undefined && value !== null;

export const port = (value: Json): Problem =>
  typeof value !== 'number' || (Number.isInteger(value) && value >= 1 && value <= 65535)
    ? undefined
    : `the port ${value} is outside 1..65535`;

/** Of the path after `unix://`; a name that begins with `@` is in no folder. */
export function socketProblem(path: string): Problem {
  if (path === '') return 'the path of the unix socket is empty';
  return path.startsWith('@') || (path.startsWith('/') && !path.endsWith('/'))
    ? undefined
    : `"${path}" is not an absolute path of a file`;
}

/** Go's duration syntax (`1h30m`, `1.5s`) in nanoseconds, or nothing. */
export function nanoseconds(duration: string): number | undefined {
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/.exec(duration);
  if (!match) return undefined;
  const sum = nanosecondsIn(match[2]!);
  return match[1] === '-' ? -sum : sum;
}

/** ValidateDuration: at least 1 ms, whole milliseconds. */
export function duration(value: Json): Problem {
  if (typeof value !== 'string') return undefined;
  const ns = nanoseconds(value);
  if (ns === undefined) return `"${value}" is not a duration such as "5s", "1m30s" or "250ms"`;
  if (ns < 1e6) return `the duration "${value}" is shorter than 1ms`;
  return Math.round(ns) % 1e6 === 0 ? undefined : `the duration "${value}" is finer than a millisecond`;
}

/** Istio's limits of length, and RE2's syntax. */
export const regex = (value: Json): Problem => regexLength(value) ?? regexSyntax(value);

export function regexLength(value: Json): Problem {
  if (typeof value !== 'string') return undefined;
  if (value === '') return 'the regular expression is empty';
  return Buffer.byteLength(value) > 1024 ? 'the regular expression is longer than 1024 bytes' : undefined;
}

export function regexSyntax(value: Json): Problem {
  const problem = typeof value === 'string' ? patternProblem(value) : undefined;
  return problem === undefined ? undefined : `"${value}" is not an RE2 pattern: ${problem}`;
}

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;
const PSEUDO_HEADERS = new Set([':method', ':scheme', ':authority', ':path', ':status']);

/** `@request.auth.claims.a.b` or `@request.auth.claims[a][b]` (pkg/jwt/routing.go). */
export function isClaimHeader(name: string): boolean {
  const prefix = '@request.auth.claims';
  if (!name.toLowerCase().startsWith(prefix)) return false;
  const rest = name.slice(prefix.length);
  return (rest.startsWith('.') && rest.length > 1) || (rest.startsWith('[') && rest.endsWith(']') && rest.length > 2);
}

export const matchedHeader = (name: string): Problem =>
  name === ''
    ? 'the header name is empty'
    : isClaimHeader(name) || PSEUDO_HEADERS.has(name) || HEADER_NAME.test(name)
      ? undefined
      : `"${name}" is not a header name`;

export const corsHeader = (name: Json): Problem =>
  typeof name !== 'string' || name === '*' || HEADER_NAME.test(name)
    ? undefined
    : name === ''
      ? 'the header name is empty'
      : `"${name}" is not a header name`;

export const isAuthority = (name: string): boolean => /^(?::authority|host)$/i.test(name);

/** A request header that is set or added: the host may be, other pseudo headers may not. */
export const writableHeader = (name: string): Problem =>
  name === ''
    ? 'the header name is empty'
    : name.startsWith(':') && !isAuthority(name)
      ? `"${name}" begins with ":" and cannot be changed`
      : undefined;

/** A header that is removed, or changed in the response. */
export const ordinaryHeader = (name: string): Problem =>
  name === ''
    ? 'the header name is empty'
    : name.toLowerCase() === 'host'
      ? 'the host header cannot be changed here'
      : name.startsWith(':')
        ? `"${name}" begins with ":" and cannot be changed`
        : undefined;

type State = 'text' | 'name' | 'arguments' | 'string' | 'item' | 'delimiter' | 'close' | 'end';
/** Envoy's command operators as Istio scans them: what the next character leads to; `null`: an error, `skip`: it is passed over with the one after it. */
const STEPS: Readonly<Record<State, (c: string) => State | null | 'skip'>> = {
  text: (c) => (c === '%' ? 'name' : 'text'),
  name: (c) => (c === '%' ? 'text' : c === '(' ? 'arguments' : 'name'),
  arguments: (c) => (c === '[' ? 'item' : c === ' ' ? 'arguments' : 'string'),
  string: (c) => (c === '\\' ? 'skip' : c === ')' ? 'end' : c === '"' ? 'delimiter' : 'string'),
  item: (c) => (c === '"' ? 'string' : c === ' ' ? 'item' : null),
  delimiter: (c) => (c === ',' ? 'item' : c === ']' ? 'close' : c === ' ' ? 'delimiter' : null),
  close: (c) => (c === ')' ? 'end' : c === ' ' ? 'close' : null),
  end: (c) => (c === '%' ? 'text' : c === ' ' ? 'end' : null),
};

/** A header value: no control characters, and every `%` begins an operator (`%REQ(x)%`) or is doubled. */
export function headerValue(value: Json): Problem {
  if (typeof value !== 'string') return undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this test is about
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return 'the header value has a control character';
  let state: State = 'text';
  for (let i = 0; i < value.length; i++) {
    const c = value[i]!;
    if (state === 'text' && c === '%' && (i + 1 === value.length || value[i + 1] === '%')) {
      if (i + 1 === value.length) return `the "%" at the end of "${value}" is not escaped; write "%%"`;
      i++;
      continue;
    }
    const next = STEPS[state](c);
    if (next === null || (next === 'skip' && i + 1 === value.length))
      return `"${value}" has a malformed operator at "${value.slice(i)}"; write "%%" for a percent sign`;
    if (next === 'skip') i++;
    else state = next;
  }
  return state === 'text' ? undefined : `"${value}" has a "%" that is not closed; write "%%" for a percent sign`;
}

export const percentInteger = (value: Json): Problem =>
  typeof value !== 'number' || (value >= 0 && value <= 100) ? undefined : `${value} is not a percentage (0..100)`;

/** Percent of the API: 0, or from 0.0001 to 100. */
export const percentFraction = (value: Json): Problem =>
  typeof value !== 'number' || value === 0 || (value >= 0.0001 && value <= 100)
    ? undefined
    : `${value} is not a percentage (0, or 0.0001..100)`;

export const httpStatus = (value: Json): Problem =>
  typeof value !== 'number' || (value >= 200 && value <= 600) ? undefined : `${value} is not a status in 200..599`;

const TCP_PROTOCOLS: ReadonlySet<string | undefined> = new Set(['TCP', 'HTTPS', 'TLS', 'MONGO', 'REDIS', 'MYSQL']);

export const protocol = (value: Json | undefined): IstioProtocol | undefined => istioProtocol(text(value));
export const isTls = (p: IstioProtocol | undefined): boolean => p === 'HTTPS' || p === 'TLS';
export const isTcp = (p: IstioProtocol | undefined): boolean => TCP_PROTOCOLS.has(p);
