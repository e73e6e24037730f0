// What is lost when Traefik gives way to Envoy and no field of the model says: what its entry points, its router and Go's reverse proxy do
// by themselves.

import type { Route } from '../../model/index.js';
import { type Leaving, TLS_NAMES } from '../leaving.js';

const testsHeaders = (routes: readonly Route[]): boolean =>
  routes.some((r) => r.match.headers.some(({ name }) => !name.startsWith(':')));
const testsQuery = (routes: readonly Route[]): boolean => routes.some((r) => r.match.query.length > 0);
const redirects = (routes: readonly Route[]): boolean =>
  routes.some((r) => r.action.kind === 'redirect' && r.action.host === undefined && !r.action.location);

/** A pattern whose replacement is nothing but captures, which may be empty. */
const emptiesPaths = (routes: readonly Route[]): boolean =>
  routes.some(({ action }) => {
    const path = action.kind === 'forward' ? action.rewrite?.path : undefined;
    return path?.kind === 'regex' && path.substitution.replace(/\\\d/g, '') === '';
  });

export const leaving: Leaving = {
  engine: [
    {
      feature: 'engine.path-normalisation',
      applies: () => true,
      message:
        'Traefik matches the decoded path with repeated slashes merged and forwards it so, with capitals in its escapes; Envoy keeps slashes and escapes: requests with %-escapes, //, /./ or /../ may be answered differently',
      elsewhere:
        'Traefik matches the decoded path with repeated slashes merged and forwards it so; whether the target does depends on the implementation',
    },
    TLS_NAMES,
    {
      feature: 'engine.query-semicolons',
      applies: () => true,
      message:
        'Traefik takes a semicolon in the query for an ampersand, and forwards it as one; Envoy leaves it as it is',
      elsewhere: 'Traefik takes a semicolon in the query for an ampersand; an implementation may leave it as it is',
    },
    {
      feature: 'engine.odd-requests',
      applies: () => true,
      message:
        'Traefik takes OPTIONS *, methods in small letters and requests without a host; Envoy answers 400 or 404',
      elsewhere:
        'Traefik takes OPTIONS *, methods in small letters and requests without a host; an implementation may refuse them',
    },
    {
      feature: 'engine.query-values',
      applies: testsQuery,
      message: 'Traefik tests all values of a query parameter, decoded; Envoy tests the first, as it was sent',
      elsewhere:
        'Traefik tests all values of a query parameter, decoded; an implementation may test the first as it was sent',
    },
    {
      feature: 'engine.header-lines',
      applies: testsHeaders,
      message: 'Traefik tests each line of a repeated header alone, Envoy the lines joined with a comma',
      elsewhere: 'Traefik tests each line of a repeated header alone; an implementation may join them',
    },
    {
      feature: 'engine.host-dot',
      applies: () => true,
      message: 'Traefik takes a host with a dot at its end for the same host; Envoy takes it for another one',
      elsewhere: 'Traefik takes a host with a dot at its end for the same host; an implementation may not',
    },
    {
      feature: 'engine.host-port',
      applies: redirects,
      message: 'Traefik leaves the port of the Host header out of its redirects, Envoy keeps it',
      elsewhere: 'Traefik leaves the port of the Host header out of its redirects; an implementation may keep it',
    },
    {
      feature: 'engine.forwarded-headers',
      applies: (routes) => routes.some((r) => r.action.kind === 'forward'),
      message:
        'destinations no longer get X-Real-Ip, X-Forwarded-Host, X-Forwarded-Port and X-Forwarded-Server, and X-Forwarded-For holds what the client sent before its address: applications that read them have to be changed, or --forwarded-headers sets X-Real-Ip and X-Forwarded-Host on each rule',
      elsewhere:
        'which of X-Real-Ip and X-Forwarded-* destinations get depends on the implementation: applications that read them have to be checked',
    },
    {
      feature: 'engine.empty-path',
      applies: emptiesPaths,
      message: 'Traefik forwards / where a pattern leaves nothing of the path; Envoy forwards the path as it was',
      elsewhere: 'Traefik forwards / where a pattern leaves nothing of the path; an implementation may do otherwise',
    },
    {
      feature: 'engine.own-answers',
      applies: () => true,
      message:
        'Traefik answers 404 with a text and X-Content-Type-Options: nosniff where it has no rule; Envoy with neither',
      elsewhere:
        'Traefik answers 404 with a text and X-Content-Type-Options: nosniff; an implementation may do otherwise',
    },
    {
      feature: 'engine.claimed-headers',
      applies: () => true,
      message:
        'Traefik takes away the X-Forwarded-* headers that a client sends (Prefix, Method, Uri and others), and adds accept-encoding: gzip where there is none; Envoy passes on what it gets',
      elsewhere: 'Traefik takes away the X-Forwarded-* headers that a client sends; an implementation may pass them on',
    },
  ],
  setting: (name) =>
    name === 'sticky.cookie'
      ? {
          key: 'delivery.hash',
          message:
            'clients are not bound to endpoints: a DestinationRule with consistentHash.httpCookie, or sessionPersistence of a rule, does that',
        }
      : undefined,
};
