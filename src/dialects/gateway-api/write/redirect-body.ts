// A redirect as a rule's filters, with items for what the standard cannot say of it.

import type { Redirect, Route } from '../../../model/index.js';
import type { FeatureKey } from '../../dialect.js';
import { aboutRoute } from '../../item-list.js';
import { type Filter, filters, headerFilter } from './header-filters.js';
import { locationFields } from './location-fields.js';
import { isHostname } from './names.js';
import { pathModifier } from './path-filter.js';
import type { PathMatch } from './path-match.js';
import type { RuleBody, RuleWriter } from './rule-writer.js';

export function redirectBody(
  redirect: Redirect,
  route: Route,
  match: PathMatch,
  changes: readonly Filter[],
  { report, listener, unslashed }: RuleWriter,
): RuleBody | undefined {
  const { origin } = route;
  const refuse = (message: string) => {
    report.add('redirect', message, origin);
    return undefined;
  };
  if (redirect.host !== undefined && !isHostname(redirect.host)) return refuse(`${redirect.host} is not a host name`);
  if (!STATUSES.includes(redirect.status)) return refuse(`a redirect with status ${redirect.status}`);
  if (redirect.location !== undefined) {
    const fields = locationFields(redirect.location) ?? {};
    const header = writtenLocation(redirect.location);
    if (header === undefined) return refuse('the Location is computed from the request');
    // Envoy writes the redirect's Location before it changes headers (sendLocalReply in source/common/router/router.cc).
    const ops = {
      ...route.responseHeaders,
      set: [...(route.responseHeaders?.set ?? []), ['location', header] as const],
    };
    return filters([
      ...changes.filter((f) => f.type !== 'ResponseHeaderModifier'),
      ...headerFilter('responseHeaderModifier', ops, origin, report),
      redirectFilter({ ...fields, statusCode: redirect.status }),
    ]);
  }
  if (redirect.relative)
    report.add('redirect.relative', 'the source leaves scheme and host out of the Location', origin);
  if (redirect.stripQuery)
    report.add('redirect.strip-query', 'the redirect drops the query, the target keeps it', origin);
  const strip = redirect.path?.kind === 'strip-trailing-slash';
  noteTrailingSlash(strip, match, unslashed?.get(route) ?? [], (key, text, about) =>
    report.add(key, text, origin, about),
  );
  const rewrite = strip ? undefined : redirect.path;
  const path = rewrite ? pathModifier(rewrite, match, 'redirect', origin, aboutRoute(report.add, route)) : undefined;
  if (rewrite && !path) return undefined;
  const port = redirectPort(redirect, listener);
  const written = {
    ...(redirect.scheme && { scheme: redirect.scheme }),
    ...(redirect.host && { hostname: redirect.host }),
    ...(path && { path }),
    ...(port !== undefined && { port }),
    statusCode: redirect.status,
  };
  return filters([...changes, redirectFilter(written)]);
}

/** Paths in a message. */
const MOST_NAMED = 5;

function noteTrailingSlash(
  strip: boolean,
  match: PathMatch,
  exactFor: readonly string[],
  note: (key: FeatureKey, message: string, about?: { readonly exactFor: readonly string[] }) => void,
): void {
  // A path that is known to have no such slash loses none, and a Location without a path is the root (RFC 9110, 4.2.3).
  const keeps = strip && (match.type !== 'Exact' || (match.value !== '/' && match.value.endsWith('/')));
  const more = exactFor.length > MOST_NAMED ? ` and ${exactFor.length - MOST_NAMED} more` : '';
  const paths = exactFor.slice(0, MOST_NAMED).join(', ') + more;
  if (!strip && exactFor.length > 0)
    note('redirect.slash-before-query', `the slash at the end of ${paths} goes before a query too`);
  // The source takes one off the end of the request line, whatever stands there.
  if (strip && !keeps) note('redirect.trailing-slash', 'a slash at the end of a query is kept');
  if (!keeps) return;
  const message = `a trailing slash of the path is kept${paths && `, but that of ${paths}`}`;
  note('redirect.trailing-slash', message, paths ? { exactFor } : undefined);
}

/** With no operators but those that Envoy has. */
const writtenLocation = (template: string): string | undefined =>
  template
    .replaceAll('%%', '')
    .replace(/%REQ\([^%]*\)%/g, '')
    .includes('%')
    ? undefined
    : template;

const STATUSES: readonly number[] = [301, 302, 303, 307, 308];

const redirectFilter = (requestRedirect: Readonly<Record<string, unknown>>): Filter => ({
  type: 'RequestRedirect',
  requestRedirect,
});

/** Istio leaves the default port out of the Location, and keeps then what Envoy would: that is "no port" in the model. */
function redirectPort({ port, scheme }: Redirect, listener: { port: number; tls: boolean }): number | undefined {
  if (typeof port === 'number') return port;
  if (port === 'from-request-port') return scheme === undefined ? undefined : listener.port;
  if (scheme !== undefined) return undefined;
  const usual = listener.tls ? 443 : 80;
  return listener.port === usual ? undefined : usual;
}
