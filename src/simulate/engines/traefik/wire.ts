// Traefik on sockets.

import type { WireRules } from '../engine-rules.js';

export const wire: WireRules = {
  server: { name: '', replace: false },
  acceptsHttp10: true,
  holdsLimitedBodies: true,
  editsTooLarge: false,
  retries: { attempts: 0, on: '', backoffMs: 0 },
  /** pkg/middlewares/forwardedheaders: what the client claims is replaced. */
  markRequest(headers, { source, scheme, authority }) {
    headers.set('x-real-ip', source);
    headers.set('x-forwarded-for', source);
    headers.set('x-forwarded-host', authority);
    headers.set('x-forwarded-port', /:(\d+)$/.exec(authority)?.[1] ?? (scheme === 'https' ? '443' : '80'));
    headers.set('x-forwarded-proto', scheme);
    headers.set('x-forwarded-server', 'traefik');
  },
};
