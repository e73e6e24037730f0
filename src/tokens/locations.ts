// Where a request may carry a token: source/extensions/filters/http/jwt_authn/extractor.cc (Envoy 1.40).

import type { GatewayRequest, JwtRule } from '../model/index.js';

export interface FoundToken {
  readonly text: string;
  /** Takes it out of the request. */
  remove(request: TokenRequest): void;
}

/** The request while tokens are checked: what one rule takes away the next does not find. */
export class TokenRequest {
  readonly edits: { op: 'set' | 'append' | 'remove'; name: string; value: string }[] = [];
  readonly #headers = new Map<string, readonly string[]>();
  #path: string;
  readonly #pathAtFirst: string;

  constructor(request: GatewayRequest) {
    this.#path = this.#pathAtFirst = request.path;
    for (const [key, value] of Object.entries(request.headers ?? {})) {
      const name = key.toLowerCase();
      this.#headers.set(name, [...(this.#headers.get(name) ?? []), ...(typeof value === 'string' ? [value] : value)]);
    }
  }

  lines(name: string): readonly string[] {
    const lines = this.#headers.get(name) ?? [];
    // Envoy joins lines of this header when they come in (engines/envoy, JOINED).
    return name === 'authorization' && lines.length > 1 ? [lines.join(',')] : lines;
  }

  removeHeader(name: string): void {
    if (!this.#headers.delete(name)) return;
    this.edits.push({ op: 'remove', name, value: '' });
  }

  addHeader(name: string, value: string): void {
    const known = this.#headers.get(name);
    this.#headers.set(name, [...(known ?? []), value]);
    this.edits.push({ op: known ? 'append' : 'set', name, value });
  }

  /** Parameters, percent-decoded, as they are sorted when Envoy writes them anew. */
  parameters(): Map<string, string[]> {
    const parameters = new Map<string, string[]>();
    const mark = this.#path.indexOf('?');
    if (mark < 0) return parameters;
    for (const part of this.#path.slice(mark + 1).split('&')) {
      if (part === '') continue;
      const equal = part.indexOf('=');
      const name = decodePercent(equal < 0 ? part : part.slice(0, equal));
      const value = equal < 0 ? '' : decodePercent(part.slice(equal + 1));
      parameters.set(name, [...(parameters.get(name) ?? []), value]);
    }
    return parameters;
  }

  /** The query is written anew without it: sorted by name, decoded (QueryParamsMulti::replaceQueryString). */
  removeParameter(name: string): void {
    const parameters = this.parameters();
    if (!parameters.delete(name)) return;
    const query = [...parameters].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([key, values]) => values.map((v) => `${key}=${v}`)); // biome-ignore format: one line
    const bare = this.#path.slice(0, this.#path.indexOf('?'));
    this.#path = query.length > 0 ? `${bare}?${query.join('&')}` : bare;
  }

  /** Undefined: unchanged. */
  get changedPath(): string | undefined {
    return this.#path === this.#pathAtFirst ? undefined : this.#path;
  }
}

const decodePercent = (text: string): string =>
  text.includes('%')
    ? text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;

/** Header and prefix as one key, as Envoy sorts them. */
const byKey = (a: { readonly name: string; readonly prefix: string }, b: typeof a): number =>
  a.name + a.prefix < b.name + b.prefix ? -1 : 1;

/** Headers first, then parameters, then cookies, each sorted by name; a place that is named twice is one. */
export function findTokens(rule: JwtRule, request: TokenRequest): FoundToken[] {
  const anywhere = rule.fromHeaders.length + rule.fromParams.length + rule.fromCookies.length > 0;
  const headers = anywhere ? rule.fromHeaders : [{ name: 'authorization', prefix: 'Bearer ' }];
  const params = anywhere ? rule.fromParams : ['access_token'];
  const distinct = new Map(headers.map((h) => [h.name + h.prefix, h]));
  return [
    ...[...distinct.values()].sort(byKey).flatMap(({ name, prefix }) => inHeader(request, name, prefix)),
    ...(params.length > 0 ? inParameters(request, params) : []),
    ...(rule.fromCookies.length > 0 ? inCookies(request, rule.fromCookies) : []),
  ];
}

function inHeader(request: TokenRequest, name: string, prefix: string): FoundToken[] {
  return request.lines(name).flatMap((line) => {
    const at = line.indexOf(prefix);
    if (at < 0) return [];
    return [
      { text: prefix === '' ? line : afterPrefix(line, at + prefix.length), remove: (r) => r.removeHeader(name) },
    ];
  });
}

/** From the first character on that a token may have; the whole line where there is none. */
function afterPrefix(line: string, from: number): string {
  const start = line.slice(from).search(/[A-Za-z0-9_.-]/);
  return start < 0 ? line : line.slice(from + start);
}

function inParameters(request: TokenRequest, names: readonly string[]): FoundToken[] {
  const parameters = request.parameters();
  return [...new Set(names)].sort().flatMap((name) => {
    const text = parameters.get(name)?.[0];
    return text === undefined ? [] : [{ text, remove: (r: TokenRequest) => r.removeParameter(name) }];
  });
}

/** A token stays in its cookie, whether it is forwarded or not. */
function inCookies(request: TokenRequest, names: readonly string[]): FoundToken[] {
  const cookies = new Map<string, string>();
  for (const line of request.lines('cookie'))
    for (const pair of line.split(';')) {
      const equal = pair.indexOf('=');
      if (equal < 0) continue;
      const name = pair.slice(0, equal).trim();
      const value = pair.slice(equal + 1).trim();
      if (!cookies.has(name)) cookies.set(name, /^".*"$/.test(value) && value.length > 1 ? value.slice(1, -1) : value);
    }
  return [...new Set(names)].sort().flatMap((name) => {
    const text = cookies.get(name);
    return text === undefined ? [] : [{ text, remove: () => undefined }];
  });
}
