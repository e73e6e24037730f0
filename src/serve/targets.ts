// Which endpoint takes the requests of a destination: what `--upstream` says, else the built-in echo.

import type { Destination } from '../model/index.js';
import { balanced } from './balance.js';
import { echoEndpoint } from './echo.js';
import { destinationName, type Endpoint, upstreamNames } from './endpoint.js';
import { http1Pool, type PoolOptions } from './http1/pool.js';
import { http2Endpoint } from './http2/upstream.js';

/** A destination and who takes its requests. */
export interface Target {
  /** `httpbin.default.svc.cluster.local:8000/v1`. */
  readonly name: string;
  readonly endpoint: Endpoint;
}

export interface Targets {
  of(destination: Destination): Target;
  /** Those in use, by destination. */
  readonly known: ReadonlyMap<string, Endpoint>;
  close(): void;
}

/** `upstreams`: URLs by name (`httpbin.default`, `httpbin.default:8000/v1`), several for several endpoints. One pool for each URL. */
export function createTargets(upstreams: ReadonlyMap<string, readonly URL[]>, options: PoolOptions): Targets {
  const pools = new Map<string, Endpoint>();
  const known = new Map<string, Endpoint>();
  const byDestination = new WeakMap<Destination, Target>();

  const find = (destination: Destination): Endpoint => {
    const name = upstreamNames(destination).find((n) => upstreams.has(n));
    const urls = name === undefined ? undefined : upstreams.get(name);
    if (urls === undefined || urls.length === 0) return balanced([echoEndpoint(destination)]);
    return balanced(urls.map((url) => poolOf(url, destination)));
  };

  const poolOf = (url: URL, destination: Destination): Endpoint => {
    const kind = kindOf(url, destination);
    const key = `${kind} ${url.host}`;
    let pool = pools.get(key);
    if (pool === undefined) {
      pool = kind.startsWith('h2') ? http2Endpoint(url, kind === 'h2', options) : http1Pool(url, options);
      pools.set(key, pool);
    }
    return pool;
  };

  return {
    known,
    of(destination) {
      let target = byDestination.get(destination);
      if (target === undefined) {
        const name = destinationName(destination);
        target = { name, endpoint: known.get(name) ?? find(destination) };
        known.set(name, target.endpoint);
        byDestination.set(destination, target);
      }
      return target;
    },
    close() {
      for (const pool of pools.values()) pool.close();
    },
  };
}

/** `http://` for a destination whose port speaks gRPC or HTTP/2 means HTTP/2 without TLS, as the gateway would speak to it. */
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
    default:
      return http2 ? 'h2c' : 'http';
  }
}
