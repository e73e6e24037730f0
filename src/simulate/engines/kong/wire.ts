// Kong on sockets.

import type { ChangingHeaders, Client, WireRules } from '../engine-rules.js';

export const wire: WireRules = {
  server: { name: 'kong/3.10.0', replace: false },
  acceptsHttp10: true,
  holdsLimitedBodies: true,
  editsTooLarge: true,
  // Kong's service has 5 retries, for connections that fail.
  retries: { attempts: 5, on: 'connect-failure,reset-before-request', backoffMs: 0 },
  markRequest,
};

/** Nobody is trusted by default (`trusted_ips`), but what a client says in X-Forwarded-For stays (kong/runloop/handler.lua, access.before). */
function markRequest(headers: ChangingHeaders, { source, scheme, authority, port }: Client): void {
  const forwarded = headers.get('x-forwarded-for');
  headers.set('x-forwarded-for', forwarded === undefined ? source : `${forwarded}, ${source}`);
  headers.set('x-forwarded-proto', scheme);
  headers.set('x-forwarded-host', authority.replace(/:\d+$/, ''));
  headers.set('x-forwarded-port', String(port));
  headers.set('x-real-ip', source);
}
