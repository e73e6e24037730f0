// The Kubernetes specification as a data plane: it says nothing about normalisation, so nothing is changed.

import type { EngineRules } from '../engine-rules.js';
import { lowerHostWithoutPort } from '../host-name.js';
import { applyPathRewrite, redirectLocation, splitQuery } from '../rewriting.js';

export const engine: EngineRules = {
  engine: 'plain',
  paths: { without: ' ?#', pattern: '/.*', never: [] },
  wire: {
    server: { name: 'meshgw', replace: false },
    acceptsHttp10: true,
    holdsLimitedBodies: false,
    editsTooLarge: false,
    retries: { attempts: 0, on: '', backoffMs: 0 },
    markRequest(headers, { source, scheme }) {
      const forwarded = headers.get('x-forwarded-for');
      headers.set('x-forwarded-for', forwarded === undefined ? source : `${forwarded}, ${source}`);
      headers.set('x-forwarded-proto', scheme);
    },
  },
  seePath: (path) =>
    path.startsWith('/') ? splitQuery(path) : { status: 400, body: '', reason: 'the path must begin with /' },
  hostName: lowerHostWithoutPort,
  noRoute: { status: 404, body: '' },
  tooLarge: { status: 413, body: '', at: 'route' },
  noDestination: { status: 503, body: '' },
  rewritePath: applyPathRewrite,
  location: redirectLocation,
  operators: (operator, scope) =>
    operator.name === 'REQ' ? (scope.requestHeader((operator.argument ?? '').toLowerCase()) ?? '') : undefined,
};
