// Annotations of old releases of ingress-nginx that today's controller does not read, and what does the same today (its changelogs, and the
// remarks in docs/user-guide/nginx-configuration/annotations.md: "Replaces secure-backends in older versions").

import { table } from '../../../model/index.js';

export const OLD_NAMES = table<string>({
  'secure-backends': 'backend-protocol: HTTPS',
  'grpc-backend': 'backend-protocol: GRPC',
  'secure-verify-ca-secret': 'proxy-ssl-secret with proxy-ssl-verify: "on"',
  'rewrite-log': 'enable-rewrite-log',
  'enable-opentracing': 'enable-opentelemetry',
  'opentracing-trust-incoming-span': 'opentelemetry-trust-incoming-span',
  'opentracing-operation-name': 'opentelemetry-operation-name',
  'base-url-scheme': 'nothing: the application has to know its own URL',
  'add-base-url': 'nothing: the application has to know its own URL',
  'session-cookie-hash': 'nothing: the controller chooses the hash itself',
  'upstream-max-fails': 'nothing: endpoints that fail are taken out by their readiness probes',
  'upstream-fail-timeout': 'nothing: endpoints that fail are taken out by their readiness probes',
  'lua-resty-waf': 'enable-modsecurity',
  'ssl-proxy-headers': 'force-ssl-redirect, or proxy-set-headers of the ConfigMap',
});
