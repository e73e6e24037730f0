// The plugin jwt's question: whose token the request shows (do_authentication in kong/plugins/jwt/handler.lua, jwt_parser.lua, Kong 3.10).
// Signatures of HS256 are verified; of other algorithms a known key counts as the signer's.

import { keptLines, own } from '../../../model/index.js';
import type { RequestView } from '../../request-view.js';
import { questionIn } from '../question.js';
import { hmacSha256 } from './sha256.js';

/** Of the name of the pseudo header, as JSON. */
interface TokenQuestion {
  readonly ask: 'token';
  readonly parameters: readonly string[];
  readonly cookies: readonly string[];
  readonly headers: readonly string[];
  /** `iss` by default. */
  readonly claim: string;
  readonly base64: boolean;
  /** The name that the credentials are kept under (model/kept.ts): lines of key, algorithm and secret, as JSON. */
  readonly secret: string;
}

/** `key alice`: a good token of this credential; `error …`: why it is refused; undefined: there is none. */
function tokenAnswer(view: RequestView, question: TokenQuestion): string | undefined {
  const tokens = [...new Set(tokensOf(view, question))];
  const [token] = tokens;
  if (token === undefined) return undefined;
  if (tokens.length > 1) return 'error Multiple tokens provided';
  const parts = token.split('.');
  const [header, claims] = parts.slice(0, 2).map(jsonOf);
  if (parts.length !== 3 || !header || !claims) return 'error Bad token';
  const { claim } = question;
  const key = own(claims, claim) ?? own(header, claim);
  if (key === undefined || key === null || key === false) return `error No mandatory '${claim}' in claims`;
  if (key === '') return `error Invalid '${claim}' in claims`;
  return verified(String(key), token, own(header, 'alg'), question);
}

function verified(key: string, token: string, alg: unknown, { secret, claim, base64 }: TokenQuestion): string {
  const kept = keptLines(secret);
  // The page of ways-in holds no secrets: whoever says who it is counts as having signed.
  if (!kept) return `key ${key}`;
  const credential = kept
    .map((line) => JSON.parse(line) as readonly [key: string, algorithm: string, secret: string | null])
    .find(([name]) => name === key);
  if (!credential) return `error No credentials found for given '${claim}'`;
  const [, algorithm, value] = credential;
  if (alg !== algorithm) return 'error Invalid algorithm';
  if (!algorithm.startsWith('HS')) return `key ${key}`;
  if (value === null) return 'error Invalid key/secret';
  if (algorithm !== 'HS256') return `key ${key}`;
  const dot = token.lastIndexOf('.');
  const signature = hmacSha256(
    Buffer.from(value, base64 ? 'base64url' : 'utf8'),
    Buffer.from(token.slice(0, dot), 'utf8'),
  );
  const shown = Buffer.from(token.slice(dot + 1), 'base64url');
  return shown.equals(signature) ? `key ${key}` : 'error Invalid signature';
}

function tokensOf(view: RequestView, { parameters, cookies, headers }: TokenQuestion): readonly string[] {
  const cookie = view.lines('cookie').flatMap((line) => line.split(/;\s*/));
  return [
    ...parameters.flatMap((name) => view.parameters(name).filter((value) => value !== '')),
    ...cookies.flatMap((name) =>
      cookie.flatMap((pair) =>
        pair.startsWith(`${name}=`) && pair.length > name.length + 1 ? [pair.slice(name.length + 1)] : [],
      ),
    ),
    ...headers.flatMap((name) => /\s*[Bb]earer\s+(.+)/s.exec(view.lines(name.toLowerCase())[0] ?? '')?.[1] ?? []),
  ];
}

function jsonOf(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Of a pseudo header; undefined: there is none, or it is absent. */
export function pseudoHeader(view: RequestView, name: string): string | undefined {
  const question = questionIn<TokenQuestion>(name);
  return question && tokenAnswer(view, question);
}
