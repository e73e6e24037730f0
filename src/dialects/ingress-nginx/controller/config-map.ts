// The ConfigMap of the controller: settings for every Ingress that has no annotation of its own, and settings of nginx as a whole
// (kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap; internal/ingress/defaults/main.go and
// controller/config/config.go, kubernetes/ingress-nginx controller-v1.15.1).

import {
  type Assumption,
  type Origin,
  originOf,
  own,
  type Resource,
  table,
  type Unsupported,
} from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { stringMapOf } from '../../../resources/fields.js';
import { isRestricting } from '../annotations/restricting.js';
import type { AnnotationDefaults } from '../annotations/values.js';

export interface ControllerConfig {
  /** `data`; empty without a ConfigMap. */
  readonly data: Readonly<Record<string, string>>;
  /** Absent: the files hold none. */
  readonly resource?: Resource;
  /** Value of Strict-Transport-Security; absent: it is not sent. */
  readonly hsts?: string;
  /** Of redirects to https and between a host and its www name. */
  readonly redirectStatus: number;
  /** `global-allowed-response-headers`; absent: there may be a ConfigMap elsewhere, and who names headers has allowed them. */
  readonly allowedResponseHeaders?: readonly string[];
  /** `allow-snippet-annotations`; without a ConfigMap among the files it is taken to be on: who writes snippets has it so. */
  readonly allowSnippets: boolean;
  /** What can change answers and is not modelled. */
  readonly unknown: readonly Unsupported[];
}

/** Of this name, as it is installed; a chart puts its release before it. */
const NAME = /(^|-)(ingress-nginx-controller|nginx-configuration|nginx-ingress-controller)$/;

const isOfController = ({ name, labels }: Resource): boolean =>
  NAME.test(name) ||
  (labels['app.kubernetes.io/name'] === 'ingress-nginx' &&
    labels['app.kubernetes.io/component'] === 'controller' &&
    !/(tcp|udp|headers|snippets?)/.test(name));

/** `named`: `NAMESPACE/NAME` of `--ingress-nginx-configmap`, or `none`. Of several the first counts, and that is said. */
export function controllerConfig(
  catalog: Catalog,
  named: string | undefined,
): { readonly config: ControllerConfig; readonly assumptions: readonly Assumption[] } {
  const all = catalog.ofKind('/ConfigMap');
  const found = all.filter((r) => (named === undefined ? isOfController(r) : `${r.namespace}/${r.name}` === named));
  const [first, ...more] = found;
  const assumptions: Assumption[] = [];
  if (named === undefined && !first)
    assumptions.push({
      code: 'ingress-nginx-configmap',
      message: 'ingress-nginx has its default settings: no ConfigMap of its controller is in the files',
      hint: 'add it, or confirm with --ingress-nginx-configmap none',
    });
  if (named !== undefined && named !== 'none' && !first)
    assumptions.push({
      code: 'ingress-nginx-configmap',
      message: `ConfigMap ${named} is not in the files: ingress-nginx runs with its defaults`,
    });
  if (first && more.length > 0)
    assumptions.push({
      code: 'ingress-nginx-configmap',
      message: `of ${found.length} ConfigMaps that may be the controller's, ${first.namespace}/${first.name} is used`,
      hint: '--ingress-nginx-configmap NAMESPACE/NAME names it',
    });
  return { config: configOf(first, named !== 'none'), assumptions };
}

/** `leftOpen`: there may be one elsewhere. */
function configOf(resource: Resource | undefined, leftOpen: boolean): ControllerConfig {
  const data = resource ? stringMapOf(resource.object.data) : {};
  const hsts = hstsOf(data);
  return {
    data,
    ...(resource ? { resource } : {}),
    ...(hsts === undefined ? {} : { hsts }),
    ...(resource || !leftOpen
      ? { allowedResponseHeaders: listOf(own(data, 'global-allowed-response-headers') ?? '') }
      : {}),
    allowSnippets: resource ? switched(own(data, 'allow-snippet-annotations'), false) : leftOpen,
    redirectStatus: statusOf(own(data, 'http-redirect-code')),
    unknown: resource ? Object.keys(data).flatMap((key) => unknownKey(key, data, resource)) : [],
  };
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** The header of lua_ingress.lua. */
function hstsOf(data: ControllerConfig['data']): string | undefined {
  if (!switched(own(data, 'hsts'), true)) return undefined;
  const subdomains = switched(own(data, 'hsts-include-subdomains'), true) ? '; includeSubDomains' : '';
  const preload = switched(own(data, 'hsts-preload'), false) ? '; preload' : '';
  return `max-age=${own(data, 'hsts-max-age') ?? '31536000'}${subdomains}${preload}`;
}

const switched = (written: string | undefined, usual: boolean): boolean =>
  written === undefined ? usual : /^(1|t|true)$/i.test(written);

/** validRedirectCodes in controller/template/configmap.go; anything else is the default. */
const statusOf = (written: string | undefined): number =>
  ['301', '302', '307', '308'].includes(written ?? '') ? Number(written) : 308;

/** Keys that are read: as the annotation of this name for every Ingress without one, or above. */
const AS_ANNOTATION = table<string>({
  'whitelist-source-range': 'allowlist-source-range',
  'global-auth-url': 'auth-url',
  'global-auth-signin': 'auth-signin',
  'global-auth-signin-redirect-param': 'auth-signin-redirect-param',
  'global-auth-method': 'auth-method',
  'global-auth-response-headers': 'auth-response-headers',
  'global-auth-request-redirect': 'auth-request-redirect',
  'global-auth-snippet': 'auth-snippet',
  'global-auth-cache-key': 'auth-cache-key',
  'global-auth-cache-duration': 'auth-cache-duration',
  'global-auth-always-set-cookie': 'auth-always-set-cookie',
});
const SAME_NAME = new Set(
  `denylist-source-range ssl-redirect force-ssl-redirect preserve-trailing-slash use-port-in-redirects relative-redirects
  custom-http-errors proxy-body-size proxy-connect-timeout proxy-read-timeout proxy-send-timeout proxy-next-upstream
  proxy-next-upstream-timeout proxy-next-upstream-tries proxy-request-buffering proxy-buffering proxy-buffer-size
  proxy-buffers-number proxy-busy-buffers-size proxy-http-version proxy-max-temp-file-size proxy-cookie-domain
  proxy-cookie-path proxy-redirect-from proxy-redirect-to limit-rate limit-rate-after upstream-hash-by load-balance
  service-upstream client-body-buffer-size ssl-ciphers ssl-prefer-server-ciphers`.split(/\s+/),
);
const OWN = new Set([
  'global-allowed-response-headers',
  'hsts',
  'hsts-max-age',
  'hsts-include-subdomains',
  'hsts-preload',
  'http-redirect-code',
]);

/** The annotations that it stands for: name of the annotation → key of the ConfigMap, for an Ingress that takes part in the global authentication or not. */
export function annotationDefaults({ data, resource }: ControllerConfig, globalAuth: boolean): AnnotationDefaults {
  const defaults = new Map<string, { value: string; origin: Origin }>();
  if (!resource) return defaults;
  for (const [key, value] of Object.entries(data)) {
    const name = AS_ANNOTATION.get(key) ?? (SAME_NAME.has(key) ? key : undefined);
    if (name === undefined || value === '' || (key.startsWith('global-auth-') && !globalAuth)) continue;
    defaults.set(name, { value, origin: originOf(resource, 'data', key) });
  }
  return defaults;
}

/** How bytes travel, what is logged and how many workers there are: no answer of the gateway changes. */
const HARMLESS =
  /^(access-log|error-log|log-format|disable-(access|ipv6|http-access)|worker-|max-worker|keep-alive|upstream-keepalive|http2-|use-http2|server-name-hash|variables-hash|map-hash|proxy-headers-hash|proxy-stream-|reuse-port|bind-address|ssl-(protocols|session|dh-param|ecdh|buffer-size|early-data)|server-tokens|enable-(opentelemetry|opentracing|brotli|real-ip-debug|ocsp|multi-accept|aio-write|serial-reloads)|otel-|otlp-|opentelemetry|opentracing|jaeger|zipkin|datadog|brotli-|use-gzip|gzip-|lua-shared-dicts|debug-connections|nginx-status|skip-access-log|load-balance|allow-snippet-annotations|annotations-risk-level|annotation-value-word-blocklist|strict-validate-path-type|allow-cross-namespace-resources|generate-request-id|client-(header|body)-timeout|client-header-buffer-size|large-client-header-buffers|syslog|enable-syslog|default-type|mime|plugins|retry-non-idempotent|proxy-add-original-uri-header|allow-backend-server-header|hide-server|enable-vts|vts-|stream-|max-|disable-proxy-intercept)/;

/** What it could do, where it is more than to change something. */
const UNKNOWN = table<{ readonly effect: Unsupported['effect']; readonly what: string }>({
  'server-snippet': {
    effect: 'security',
    what: 'raw nginx configuration in every server: it may answer, refuse or rewrite requests',
  },
  'location-snippet': {
    effect: 'security',
    what: 'raw nginx configuration in every location: it may answer, refuse or rewrite requests',
  },
  'http-snippet': { effect: 'security', what: 'raw nginx configuration around all servers' },
  'main-snippet': { effect: 'security', what: 'raw nginx configuration outside of http' },
  'use-forwarded-headers': {
    effect: 'security',
    what: 'X-Forwarded-* of the client is trusted: its address, and the scheme that redirects use',
  },
  'enable-real-ip': { effect: 'security', what: 'the client address is taken from a header' },
  'use-proxy-protocol': { effect: 'security', what: 'the client address is taken from the PROXY protocol' },
  'block-cidrs': { effect: 'security', what: 'clients with these addresses are refused' },
  'block-user-agents': { effect: 'security', what: 'clients with these names are refused' },
  'block-referers': { effect: 'security', what: 'requests with these referers are refused' },
  'enable-modsecurity': { effect: 'security', what: 'ModSecurity may refuse requests' },
  'enable-owasp-modsecurity-crs': { effect: 'security', what: 'ModSecurity may refuse requests' },
  'modsecurity-snippet': { effect: 'security', what: 'ModSecurity may refuse requests' },
  'ssl-reject-handshake': {
    effect: 'routing',
    what: 'connections for hosts without a certificate fail in the handshake',
  },
  'no-tls-redirect-locations': { effect: 'routing', what: 'paths that are not redirected to https' },
  'no-auth-locations': { effect: 'security', what: 'paths without the global authentication' },
  'add-headers': { effect: 'change', what: 'headers of another ConfigMap on every answer' },
  'proxy-set-headers': { effect: 'change', what: 'headers of another ConfigMap to every destination' },
  'hide-headers': { effect: 'change', what: 'headers of destinations that clients do not get' },
});

function unknownKey(key: string, data: ControllerConfig['data'], resource: Resource): Unsupported[] {
  if (AS_ANNOTATION.has(key) || SAME_NAME.has(key) || OWN.has(key) || HARMLESS.test(key)) return [];
  const value = own(data, key) ?? '';
  // Switched off is what it is without the key.
  if (value === '' || /^(false|off)$/i.test(value)) return [];
  const { effect, what } = UNKNOWN.get(key) ?? { effect: 'change', what: 'a setting of nginx that is not modelled' };
  const origin = originOf(resource, 'data', key);
  return [
    {
      feature: `configmap.${key}`,
      detail: `${key} of the controller's ConfigMap: ${what}`,
      effect,
      ...(key === 'block-cidrs' || (key.endsWith('-snippet') && isRestricting(value)) ? { guards: true as const } : {}),
      content: value,
      origin,
    },
  ];
}
