// nginx as ingress-nginx configures it, on sockets.

import type { ChangingHeaders, Client, WireRules } from '../engine-rules.js';

export const wire: WireRules = {
  server: { name: 'nginx', replace: false },
  acceptsHttp10: true,
  holdsLimitedBodies: false,
  editsTooLarge: false,
  // proxy_next_upstream "error timeout", three tries.
  retries: { attempts: 2, on: 'connect-failure,reset-before-request', backoffMs: 0 },
  markRequest,
};

/** Without `use-forwarded-headers` what the client claims is replaced (rootfs/etc/nginx/template/nginx.tmpl, proxy_set_header). */
function markRequest(headers: ChangingHeaders, { source, scheme, authority, port, newId }: Client): void {
  const forwarded = headers.get('x-forwarded-for');
  if (forwarded !== undefined) headers.set('x-original-forwarded-for', forwarded);
  if (headers.get('x-request-id') === undefined) headers.add('x-request-id', newId().replaceAll('-', ''));
  headers.set('x-real-ip', source);
  headers.set('x-forwarded-for', source);
  headers.set('x-forwarded-host', authority);
  headers.set('x-forwarded-port', String(port));
  headers.set('x-forwarded-proto', scheme);
  headers.set('x-forwarded-scheme', scheme);
  headers.set('x-scheme', scheme);
}
