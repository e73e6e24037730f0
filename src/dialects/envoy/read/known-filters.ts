// HTTP filters that change no answer, and what the others do that meshgw does not predict.

import { table } from '../../../model/index.js';
import { at } from './node.js';
import { shortType, type Typed } from './typed.js';
import { text } from './values.js';

/** Beginnings of types: statistics, traces, logs, protocols and how bytes travel. */
const HARMLESS = [
  'envoy.extensions.filters.http.router.',
  'envoy.extensions.filters.http.grpc_stats.',
  'envoy.extensions.filters.http.grpc_web.',
  'envoy.extensions.filters.http.compressor.',
  'envoy.extensions.filters.http.decompressor.',
  'envoy.extensions.filters.http.bandwidth_limit.',
  'envoy.extensions.filters.http.stateful_session.',
  'envoy.extensions.filters.http.header_to_metadata.',
  'envoy.extensions.filters.http.set_filter_state.',
  'envoy.extensions.filters.http.set_metadata.',
  'envoy.extensions.filters.http.tap.',
  'envoy.extensions.filters.http.dynamic_forward_proxy.',
  'istio.envoy.config.filter.http.alpn.',
  'io.istio.http.peer_metadata.',
  'io.istio.http.',
  'stats.PluginConfig',
  'istio.envoy.config.filter.http.authn.',
];

const HARMLESS_NAMES = new Set([
  'envoy.filters.http.router',
  'envoy.router',
  'envoy.filters.http.grpc_stats',
  'istio.alpn',
]);

export function isHarmless({ name, type, config }: Typed): boolean {
  if (HARMLESS.some((beginning) => type.startsWith(beginning))) return true;
  if (type === '') return HARMLESS_NAMES.has(name);
  return shortType(type) === 'Wasm' && isIstiosOwn(config);
}

/** Istio's statistics ran as plugins compiled into Envoy before they were filters (runtime `null`). */
const isIstiosOwn = (config: Typed['config']): boolean => {
  const vm = at(config, 'config', 'vm_config');
  const code = text(at(vm, 'code', 'local'), 'inline_string') ?? '';
  return text(vm, 'runtime') === 'envoy.wasm.runtime.null' && code.startsWith('envoy.wasm.');
};

interface Unpredicted {
  readonly detail: string;
  readonly effect: 'change' | 'security';
  readonly guards?: true;
}

const guard = (detail: string): Unpredicted => ({ detail, effect: 'security', guards: true });
const change = (detail: string): Unpredicted => ({ detail, effect: 'change' });

const BY_TYPE = table<Unpredicted>({
  ExtAuthz: guard('an authorization that another service decides (ext_authz)'),
  OAuth2: guard('a login with OAuth 2 (oauth2)'),
  BasicAuth: guard('user names and passwords (basic_auth)'),
  ApiKeyAuth: guard('keys of clients (api_key_auth)'),
  CsrfPolicy: guard('a check of the origin of requests (csrf)'),
  RateLimit: change('a rate limit that another service counts (ratelimit)'),
  Lua: change('a program in Lua'),
  LuaPerRoute: change('a program in Lua'),
  Wasm: change('a program in WebAssembly'),
  ExternalProcessor: change('another service that may change or answer the request (ext_proc)'),
  HealthCheck: change('answers to health checks (health_check)'),
  HeaderMutation: change('changes of headers (header_mutation)'),
  CacheConfig: change('answers from a cache (cache)'),
  CustomResponse: change('answers in place of others (custom_response)'),
  CredentialInjector: change('credentials that are added (credential_injector)'),
});

/** What a filter does, in words. */
export function unpredicted({ name, type }: Pick<Typed, 'name' | 'type'>): Unpredicted {
  const word = shortType(type);
  return BY_TYPE.get(word) ?? change(`the filter ${name || word}`);
}
