// Redirects of a rule: ApplyRedirect in pilot/pkg/networking/core/route/route.go.

import type { Action, JsonObject, StringMatcher } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { type Field, numberOf, stringOf } from '../../../resources/fields.js';
import { replacePrefix } from './rewrite.js';

const CODES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface RedirectContext {
  /** The server's port. */
  readonly port: number;
  /** The server has a `tls` block. */
  readonly isTls: boolean;
}

export function redirectAction(
  { value }: Field<JsonObject>,
  match: StringMatcher | undefined,
  context: RedirectContext,
): Action {
  const status = numberOf(value.redirectCode) || 301;
  if (!CODES.has(status)) return { kind: 'none', reason: `redirectCode ${status} is not supported by Envoy` };
  const scheme = stringOf(value.scheme)?.toLowerCase();
  const host = stringOf(value.authority) ?? '';
  const uri = stringOf(value.uri) ?? '';
  const prefix = stringOf(value.prefixRewrite) ?? '';
  const port = redirectPort(value, scheme, context);
  return {
    kind: 'redirect',
    status,
    ...(scheme === 'http' || scheme === 'https' ? { scheme } : {}),
    ...(host === '' ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(prefix !== ''
      ? { path: replacePrefix(match, prefix) }
      : uri !== ''
        ? { path: { kind: 'full', to: plainTemplate(uri) } }
        : {}),
  };
}

/** The request's port is the server's, and a scheme's own port is left out; the default is Envoy's rule. */
function redirectPort(value: JsonObject, scheme: string | undefined, context: RedirectContext): number | undefined {
  const port = value.derivePort === 'FROM_REQUEST_PORT' ? context.port : numberOf(value.port);
  if (!port) return undefined;
  const effective = scheme || (context.isTls ? 'https' : 'http');
  return (effective === 'http' && port === 80) || (effective === 'https' && port === 443) ? undefined : port;
}
