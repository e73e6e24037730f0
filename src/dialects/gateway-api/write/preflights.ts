// A preflight that the gateway answers by itself (ingress-nginx's enable-cors: 204 for every OPTIONS). No rule can say an answer,
// but the CORS filter gives one: the rule for OPTIONS does what the rule behind it does, with the filter in front.

import type { CorsPolicy, HeaderMatcher, Route } from '../../../model/index.js';
import { ANY_ORIGIN } from './cors-filter.js';
import type { Report } from './report.js';

export function withPreflights(routes: readonly Route[], report: Report): readonly Route[] {
  return routes.map((route, i) => {
    const cors = preflightPolicy(route);
    const target = cors && routes.slice(i + 1).find((later) => isSameWithoutMethod(route, later));
    if (!cors || !target) return route;
    const message =
      'preflights are answered 200, not 204; an OPTIONS request that is not a preflight goes to the backend';
    const instead: Route = { ...route, action: target.action, cors };
    report.add('cors.preflight', message, route.matchOrigin ?? route.origin, { route, instead });
    return instead;
  });
}

const isOptions = ({ name, value, invert }: HeaderMatcher): boolean =>
  name === ':method' && !invert && value.kind === 'exact' && value.value === 'OPTIONS';

/** What an answer of 2xx to OPTIONS allows; nothing where it is no preflight. */
function preflightPolicy({ action, match, responseHeaders }: Route): CorsPolicy | undefined {
  if (action.kind !== 'direct-response' || action.status >= 300 || !match.headers.some(isOptions)) return undefined;
  const sent = new Map((responseHeaders?.set ?? []).map(([name, value]) => [name.toLowerCase(), value]));
  const origin = sent.get('access-control-allow-origin');
  if (origin === undefined) return undefined;
  const field = <K extends string>(key: K, name: string) => {
    // Istio joins the lists that the filter holds without a space.
    const value = sent.get(`access-control-${name}`)?.replace(/\s*,\s*/g, ',');
    return value ? ({ [key]: value } as { readonly [P in K]: string }) : {};
  };
  return {
    // A value that is computed repeats the Origin, which the rule has tested.
    allowOrigins: [
      origin === '*' || origin.includes('%')
        ? { kind: 'regex', pattern: ANY_ORIGIN }
        : { kind: 'exact', value: origin },
    ],
    ...field('allowMethods', 'allow-methods'),
    ...field('allowHeaders', 'allow-headers'),
    ...field('exposeHeaders', 'expose-headers'),
    ...field('maxAge', 'max-age'),
    ...(sent.get('access-control-allow-credentials') === 'true' && { allowCredentials: true }),
    unmatchedPreflights: 'ignore',
  };
}

/** A rule for some clients only is not what answers the others. What the gateway answers by itself has the filter in front of it, too. */
const isSameWithoutMethod = (options: Route, later: Route): boolean =>
  matchText(options) === matchText(later) &&
  (later.action.kind !== 'direct-response' || later.match.source === undefined);

const matchText = ({ match }: Route): string =>
  JSON.stringify([match.path, match.headers.filter((h) => !isOptions(h)), match.query], (key, value) =>
    key === 'origin' ? undefined : value,
  );
