// One request, prepared for matching. Made once per decision; headers and query parameters are looked up only when a rule asks.

import type { GatewayRequest, TlsContext, TokenOutcome } from '../model/index.js';
import type { EngineRules, SeenPath } from './engines/engine-rules.js';
import { applyEdit } from './header-edit.js';
import type { RequestView } from './request-view.js';

/** A class, so that a decision allocates one object and no closures. */
class View implements RequestView {
  readonly request: GatewayRequest;
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly certified: boolean;
  readonly authority: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly forward: string;
  readonly claims: Readonly<Record<string, unknown>> | undefined;
  readonly #engine: EngineRules;
  readonly #edits: TokenOutcome['requestHeaders'];
  #headers: Map<string, readonly string[]> | undefined;
  #parameters: Map<string, string> | undefined;

  constructor(
    request: GatewayRequest,
    tls: TlsContext | undefined,
    seen: SeenPath,
    engine: EngineRules,
    token: TokenOutcome | undefined,
  ) {
    this.request = request;
    this.method = request.method;
    this.scheme = tls ? 'https' : 'http';
    this.certified =
      engine.tellsCertificates === true &&
      tls !== undefined &&
      tls.mode !== 'simple' &&
      request.clientCertificate !== 'none';
    this.authority = seen.authority ?? request.host;
    this.host = engine.hostName(this.authority);
    this.path = seen.path;
    this.query = seen.query;
    this.forward = seen.forward ?? seen.path + seen.query;
    this.claims = token?.claims;
    this.#edits = token?.requestHeaders;
    this.#engine = engine;
  }

  get source(): string {
    return this.request.source ?? '127.0.0.1';
  }

  lines(name: string): readonly string[] {
    if (!this.request.headers && !this.#edits) return NONE;
    this.#headers ??= linesByName(this.request.headers ?? {}, this.#engine, this.#edits);
    return this.#headers.get(name) ?? NONE;
  }

  header(name: string): string | undefined {
    if (name.charCodeAt(0) === 58 || name === 'host') return this.#pseudo(name);
    const seen = this.#engine.seenHeader?.(this, name);
    if (seen !== undefined) return seen ?? undefined;
    const lines = this.lines(name);
    return lines.length === 0 ? undefined : lines.length === 1 ? lines[0] : lines.join(',');
  }

  get testsEveryLine(): boolean {
    return this.#engine.testsEveryLine ?? false;
  }

  joins(name: string): boolean {
    return this.#engine.joinsLines?.(name) ?? true;
  }

  #pseudo(name: string): string | undefined {
    switch (name) {
      case ':method':
        return this.method;
      case ':scheme':
        return this.scheme;
      case ':path':
        return this.forward;
      case ':authority':
      case 'host':
        return this.authority;
      case ':pathname':
        return this.path;
      default:
        return this.#engine.pseudoHeader?.(this, name);
    }
  }

  parameters(name: string): readonly string[] {
    if (this.#engine.queryValues) return this.#engine.queryValues(this.query, name);
    const first = this.parameter(name);
    return first === undefined ? NONE : [first];
  }

  parameter(name: string): string | undefined {
    if (this.#engine.queryValues) return this.#engine.queryValues(this.query, name)[0];
    if (this.query.length < 2) return undefined;
    this.#parameters ??= parseQuery(this.query);
    return this.#parameters.get(name);
  }
}

const NONE: readonly string[] = [];

/** `tls`: how TLS was terminated for this request, if it was; `token`: what its check changed (`seen` is the path after it). */
export const viewOf = (
  request: GatewayRequest,
  tls: TlsContext | undefined,
  seen: SeenPath,
  engine: EngineRules,
  token?: TokenOutcome,
): RequestView => new View(request, tls, seen, engine, token);

function linesByName(
  headers: NonNullable<GatewayRequest['headers']>,
  engine: EngineRules,
  edits: TokenOutcome['requestHeaders'] = [],
): Map<string, readonly string[]> {
  const map = new Map<string, readonly string[]>();
  for (const key in headers) {
    const value = headers[key]!;
    const lines = typeof value === 'string' ? [value] : value.map(String);
    const name = key.toLowerCase();
    const known = map.get(name);
    map.set(name, known ? [...known, ...lines] : lines);
  }
  engine.receive?.(map);
  for (const edit of edits) map.set(edit.name, applyEdit(map.get(edit.name) ?? NONE, edit));
  return map;
}

/** Envoy splits at `&` and the first `=`, decodes nothing, first occurrence wins (source/common/http/utility.cc, parseParameters). */
function parseQuery(query: string): Map<string, string> {
  const map = new Map<string, string>();
  for (const part of query.slice(1).split('&')) {
    const equal = part.indexOf('=');
    const name = equal < 0 ? part : part.slice(0, equal);
    if (!map.has(name)) map.set(name, equal < 0 ? '' : part.slice(equal + 1));
  }
  return map;
}
