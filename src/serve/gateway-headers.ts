// Which headers the gateway writes on its own, request and response, by engine.

import { randomUUID } from 'node:crypto';
import type { Engine } from '../model/index.js';
import type { Clock } from './clock.js';
import { headerOf, removeHeader, setHeader } from './header-list.js';
import type { HeaderList } from './message.js';

export interface Arrival {
  /** Address of the client. */
  readonly source: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** As the client sent it. */
  readonly authority: string;
}

/** What the destination learns about the client. Changes `headers`. */
export type RequestMark = (headers: HeaderList, arrival: Arrival) => void;

const PRIVATE = /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd])/;

/**
 * Envoy at the edge (`use_remote_address`; source/common/http/conn_manager_utility.cc, mutateRequestHeaders): the
 * client's address is appended to x-forwarded-for, x-forwarded-proto is replaced, a request id is made where there is none.
 */
function markAsEnvoy(headers: HeaderList, { source, scheme }: Arrival): void {
  const forwarded = headerOf(headers, 'x-forwarded-for');
  if (forwarded === undefined) headers.push('x-forwarded-for', source);
  else {
    const lines: string[] = [];
    for (let i = 0; i < headers.length; i += 2)
      if (headers[i] === 'x-forwarded-for') lines.push(headers[i + 1] as string);
    setHeader(headers, 'x-forwarded-for', `${lines.join(',')},${source}`);
  }
  setHeader(headers, 'x-forwarded-proto', scheme);
  removeHeader(headers, 'x-envoy-internal');
  removeHeader(headers, 'x-envoy-external-address');
  if (forwarded === undefined && PRIVATE.test(source)) headers.push('x-envoy-internal', 'true');
  else headers.push('x-envoy-external-address', source);
  if (headerOf(headers, 'x-request-id') === undefined) headers.push('x-request-id', randomUUID());
}

/** ingress-nginx without `use-forwarded-headers`: what the client claims is replaced (rootfs/etc/nginx/template/nginx.tmpl, proxy_set_header). */
function markAsNginx(headers: HeaderList, { source, scheme, authority, port }: Arrival): void {
  const forwarded = headerOf(headers, 'x-forwarded-for');
  if (forwarded !== undefined) setHeader(headers, 'x-original-forwarded-for', forwarded);
  if (headerOf(headers, 'x-request-id') === undefined) headers.push('x-request-id', randomUUID().replaceAll('-', ''));
  setHeader(headers, 'x-real-ip', source);
  setHeader(headers, 'x-forwarded-for', source);
  setHeader(headers, 'x-forwarded-host', authority);
  setHeader(headers, 'x-forwarded-port', String(port));
  setHeader(headers, 'x-forwarded-proto', scheme);
  setHeader(headers, 'x-forwarded-scheme', scheme);
  setHeader(headers, 'x-scheme', scheme);
}

function markPlainly(headers: HeaderList, { source, scheme }: Arrival): void {
  const forwarded = headerOf(headers, 'x-forwarded-for');
  setHeader(headers, 'x-forwarded-for', forwarded === undefined ? source : `${forwarded}, ${source}`);
  setHeader(headers, 'x-forwarded-proto', scheme);
}

export const requestMark: Readonly<Record<Engine, RequestMark>> = {
  envoy: markAsEnvoy,
  nginx: markAsNginx,
  plain: markPlainly,
};

/** Istio names the gateway `istio-envoy` (pilot/pkg/networking/core/listener.go, EnvoyServerName) and lets Envoy overwrite the destination's. */
const SERVER: Readonly<Record<Engine, string>> = { envoy: 'istio-envoy', nginx: 'nginx', plain: 'meshgw' };

/** `date` and `server` of an answer. A destination's date stays. */
export function markAnswer(headers: HeaderList, engine: Engine, clock: Clock): void {
  if (headerOf(headers, 'date') === undefined) headers.push('date', clock.httpDate);
  if (engine === 'envoy') setHeader(headers, 'server', SERVER.envoy);
  else if (headerOf(headers, 'server') === undefined) headers.push('server', SERVER[engine]);
}
