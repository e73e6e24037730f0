// Which endpoint takes the requests of a destination: what `--upstream` says, else the built-in echo.

import { type Destination, destinationName } from '../model/index.js';
import { balanced } from './balance.js';
import { echoEndpoint } from './echo.js';
import { type Endpoint, upstreamNames } from './endpoint.js';
import { http1Pool, type PoolOptions } from './http1/pool.js';
import { http2Endpoint } from './http2/upstream.js';
import { type Trust, type UpstreamTls, upstreamTls } from './upstream-tls.js';

/** A destination and who takes its requests. */
export interface Target {
  /** `httpbin.default.svc.cluster.local:8000/v1`. */
  readonly name: string;
  readonly endpoint: Endpoint;
}

export interface Targets {
  of(destination: Destination): Target;
  /** What TLS to destinations is done with from now on. */
  trust(trust: Trust): void;
  close(): void;
}

/** `upstreams`: URLs by name (`httpbin.default`, `httpbin.default:8000/v1`), several for several endpoints. One pool for each URL. */
export function createTargets(upstreams: ReadonlyMap<string, readonly URL[]>, options: PoolOptions): Targets {
  const pools = new Map<string, Endpoint>();
  const known = new Map<string, Endpoint>();
  const byDestination = new WeakMap<Destination, Target>();
  let trusted: Trust = { authorities: new Map(), secrets: new Map() };

  const find = (destination: Destination, tls: UpstreamTls | undefined): Endpoint => {
    const name = upstreamNames(destination).find((n) => upstreams.has(n));
    const urls = name === undefined ? undefined : upstreams.get(name);
    if (urls === undefined || urls.length === 0) return balanced([echoEndpoint(destination)]);
    return balanced(urls.map((url) => poolOf(url, destination, tls)));
  };

  const poolOf = (url: URL, destination: Destination, tls: UpstreamTls | undefined): Endpoint => {
    const kind = kindOf(url, destination);
    const secure = kind === 'https' || kind === 'h2';
    // `auto` connects as the gateway would, and that one does not leave a certificate unchecked.
    const settings = { ...options, verify: options.verify || (isAuto(url) && tls !== undefined), ...(tls && { tls }) };
    const at = isAuto(url) ? autoUrl(url, secure, destination) : url;
    const key = `${kind} ${at.host} ${secure ? JSON.stringify([settings.verify, tls]) : ''}`;
    let pool = pools.get(key);
    if (pool === undefined) {
      pool = kind.startsWith('h2') ? http2Endpoint(at, secure, settings) : http1Pool(at, settings);
      pools.set(key, pool);
    }
    return pool;
  };

  return {
    of(destination) {
      let target = byDestination.get(destination);
      if (target === undefined) {
        const name = destinationName(destination);
        const tls = upstreamTls(destination.tls, trusted);
        const key = `${name} ${destination.protocol ?? ''} ${tls ? JSON.stringify(tls) : ''}`;
        target = { name, endpoint: known.get(key) ?? find(destination, tls) };
        known.set(key, target.endpoint);
        byDestination.set(destination, target);
      }
      return target;
    },
    trust(trust) {
      trusted = trust;
    },
    close() {
      for (const pool of pools.values()) pool.close();
    },
  };
}

const isAuto = ({ protocol }: URL): boolean => protocol === 'auto:';

function autoUrl(url: URL, secure: boolean, { port }: Destination): URL {
  const host = url.port === '' ? `${url.hostname}:${port}` : url.host;
  return new URL(`${secure ? 'https' : 'http'}://${host}`);
}

/**
 * `http://` for a destination whose port is for gRPC or HTTP/2 means HTTP/2 without TLS, as the gateway would connect to it; `auto://`
 * all that the gateway would do.
 */
function kindOf({ protocol }: URL, destination: Destination): 'http' | 'https' | 'h2c' | 'h2' | 'tcp' {
  const http2 = destination.protocol === 'grpc' || destination.protocol === 'h2c' || destination.protocol === 'grpcs';
  switch (protocol) {
    case 'h2c:':
    case 'grpc:':
      return 'h2c';
    case 'h2:':
    case 'grpcs:':
      return 'h2';
    case 'https:':
      return http2 ? 'h2' : 'https';
    case 'tcp:':
      return 'tcp';
    case 'auto:':
      if (destination.protocol === 'https') return 'https';
      if (destination.protocol === 'grpcs') return 'h2';
      return http2 ? 'h2c' : 'http';
    default:
      return http2 ? 'h2c' : 'http';
  }
}
