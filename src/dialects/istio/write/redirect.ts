// Redirects of a VirtualService, or the direct responses that stand for them.

import { type PathRewrite, type Redirect, type Route, wholeLocation } from '../../../model/index.js';
import { literal } from './path-rewrite.js';
import { unslashedPaths } from './redirect-slash.js';
import type { Report } from './report.js';

type Fields = Record<string, unknown>;

const CODES = new Set([301, 302, 303, 307, 308]);

/**
 * A redirect that Istio's own fields spell exactly is a redirect; every other one (nginx writes whole Locations, with statuses and
 * variables of its own) is a direct response with a `location` header: the client cannot tell the difference. Nothing where the rule is
 * left out: the report says why.
 */
export function writeRedirect(redirect: Redirect, route: Route, report: Report): Fields | undefined {
  const location = wholeLocation(redirect);
  if (location !== undefined) {
    report.header(route, 'location', location);
    return { directResponse: { status: redirect.status } };
  }
  if (redirect.relative)
    report.add('redirect.relative', 'the source leaves scheme and host out of the Location', route.origin, { route });
  const path = pathFields(redirect.path, route, report);
  if (path === undefined) return undefined;
  if (!CODES.has(redirect.status)) {
    report.add(
      'redirect.code',
      `Istio generates no redirect with status ${redirect.status}; the rule is left out`,
      route.origin,
      { route },
    );
    return undefined;
  }
  if (redirect.stripQuery)
    report.add('redirect.strip-query', 'the redirect drops the query, Istio keeps it', route.origin);
  const target = { ...authorityFields(redirect), ...path };
  return {
    redirect: {
      // Istio takes no redirect without any target (validateHTTPRedirect); this one is what Envoy does anyway (ApplyRedirect in route.go).
      ...(Object.keys(target).length > 0 ? target : { derivePort: 'FROM_PROTOCOL_DEFAULT' }),
      ...(redirect.status === 301 ? {} : { redirectCode: redirect.status }),
    },
  };
}

const DERIVED_PORTS = {
  'from-request-port': 'FROM_REQUEST_PORT',
  'from-protocol-default': 'FROM_PROTOCOL_DEFAULT',
} as const;

function authorityFields({ scheme, host, port }: Redirect): Fields {
  return {
    ...(scheme ? { scheme } : {}),
    ...(host ? { authority: host } : {}),
    ...(typeof port === 'number' ? { port } : port ? { derivePort: DERIVED_PORTS[port] } : {}),
  };
}

/** Nothing where Istio has no field for it. */
function pathFields(path: PathRewrite | undefined, route: Route, report: Report): Fields | undefined {
  if (!path) return {};
  if (path.kind === 'full') return { uri: literal(path.to) };
  if (path.kind === 'prefix' && isMatched(path.from, route)) return { prefixRewrite: path.to };
  if (path.kind !== 'strip-trailing-slash') {
    const message = 'Istio cannot redirect to a part of the path; the rule is left out';
    report.add('redirect.path', message, route.origin, { route });
    return undefined;
  }
  const exactFor = unslashedPaths(route);
  const but = exactFor.length > 0 ? ` (but that of ${exactFor.join(' and ')} without a query)` : '';
  // nginx takes one off the end of the request line, whatever stands there.
  const { path: only } = route.match;
  const where =
    only?.kind === 'exact' && !only.value.endsWith('/')
      ? 'a slash at the end of a query'
      : 'a trailing slash of the path';
  const message = `the source removes ${where}, the redirect of Istio keeps it${but}`;
  report.add('redirect.trailing-slash', message, route.origin, { route, exactFor });
  return {};
}

/** The match is this prefix: what the target replaces. */
const isMatched = (prefix: string, { match: { path } }: Route): boolean =>
  path?.kind === 'prefix' ? path.value === prefix : prefix === '/' && (!path || path.kind === 'any');
