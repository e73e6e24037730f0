// Which endpoint takes the requests of a destination: what `--upstream` says, else the built-in echo.

import type { Destination } from '../model/index.js';
import { echoEndpoint } from './echo.js';
import { destinationName, type Endpoint, upstreamNames } from './endpoint.js';
import { http1Pool, type PoolOptions } from './http1/pool.js';

export interface Targets {
  of(destination: Destination): Endpoint;
  /** Those in use, by destination. */
  readonly known: ReadonlyMap<string, Endpoint>;
  close(): void;
}

/** `upstreams`: URL by name (`httpbin.default`, `httpbin.default:8000/v1`). One pool for each URL. */
export function createTargets(upstreams: ReadonlyMap<string, URL>, options: PoolOptions): Targets {
  const pools = new Map<string, Endpoint>();
  const known = new Map<string, Endpoint>();
  const byDestination = new WeakMap<Destination, Endpoint>();

  const find = (destination: Destination): Endpoint => {
    const name = upstreamNames(destination).find((n) => upstreams.has(n));
    const url = name === undefined ? undefined : upstreams.get(name);
    if (url === undefined) return echoEndpoint(destination);
    let pool = pools.get(url.href);
    if (pool === undefined) {
      pool = http1Pool(url, options);
      pools.set(url.href, pool);
    }
    return pool;
  };

  return {
    known,
    of(destination) {
      let endpoint = byDestination.get(destination);
      if (endpoint === undefined) {
        const name = destinationName(destination);
        endpoint = known.get(name) ?? find(destination);
        known.set(name, endpoint);
        byDestination.set(destination, endpoint);
      }
      return endpoint;
    },
    close() {
      for (const pool of pools.values()) pool.close();
    },
  };
}
