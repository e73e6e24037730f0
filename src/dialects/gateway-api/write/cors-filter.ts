// A CORS policy as the CORS filter. Istio reads it back with preflights of other origins answered by the gateway.

import type { CorsPolicy, Origin, StringMatcher } from '../../../model/index.js';
import type { Filter } from './header-filters.js';
import type { Report } from './report.js';

export function corsFilter(cors: CorsPolicy, route: Origin, report: Report): Filter {
  const origin = cors.origin ?? route;
  const origins = cors.allowOrigins.flatMap((matcher) => {
    const text = originText(matcher);
    if (text === undefined)
      report.add('cors.allowOrigins', 'an origin that is not a name with an optional `*`', origin);
    if (matcher.kind === 'any')
      report.add('cors.anyOrigin', 'an Origin that is not a URL (`null`) is no longer allowed', origin);
    return text ?? [];
  });
  if (cors.unmatchedPreflights !== 'ignore') {
    report.add(
      'cors.unmatchedPreflights',
      'preflights of other origins are answered by the gateway, not forwarded',
      origin,
    );
  }
  if (cors.maxAge === undefined) {
    report.add('cors.maxAge', 'access-control-max-age: 5 is sent by default', origin);
  }
  const split = (text: string | undefined) =>
    text
      ?.split(',')
      .map((s) => s.trim())
      .filter((s) => s !== '');
  const fields = {
    allowOrigins: origins,
    allowCredentials: cors.allowCredentials || undefined,
    allowMethods: split(cors.allowMethods),
    allowHeaders: split(cors.allowHeaders),
    exposeHeaders: split(cors.exposeHeaders),
    maxAge: cors.maxAge === undefined ? undefined : Number(cors.maxAge),
  };
  return { type: 'CORS', cors: Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined)) };
}

/** What Istio reads `*` as (features/cors.ts). */
export const ANY_ORIGIN = '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+$';

/** What the CRD takes as an origin: a name, perhaps with `*.` before it, or `*`. */
const ORIGIN = /^\*$|^https?:\/\/((\*\.)?([a-zA-Z0-9-]+\.)*[a-zA-Z0-9-]+|\*)(:[0-9]{1,5})?$/;

function originText(matcher: StringMatcher): string | undefined {
  const text = spelled(matcher);
  return text !== undefined && ORIGIN.test(text) ? text : undefined;
}

function spelled(matcher: StringMatcher): string | undefined {
  if (matcher.kind === 'any') return '*';
  if (matcher.kind === 'exact') return matcher.value;
  if (matcher.kind === 'prefix') return `${matcher.value}*`;
  if (matcher.kind !== 'regex') return undefined;
  if (matcher.pattern === ANY_ORIGIN || matcher.pattern === '.*') return '*';
  // `^https://.*\.example\.com$`: a name in which `*` stands for anything; a bare dot is any character, and no name.
  const inner = /^\^?(.*?)\$?$/s.exec(matcher.pattern)?.[1] ?? '';
  if (/(^|[^\\])\.([^*]|$)/.test(inner)) return undefined;
  return inner.replaceAll('.*', '*').replace(/\\([.+?()|[\]{}^$\\])/g, '$1');
}
