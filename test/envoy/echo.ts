// One echo for all clusters: each cluster has a loopback address of its own, so the local address of a connection names the cluster.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Echoed {
  readonly address: string;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export interface Echo {
  readonly port: number;
  /** Every request that arrived, by the value of `x-meshgw-test`. */
  readonly seen: Map<string, Echoed[]>;
  close(): void;
}

/** Listens on every loopback address; answers 200 with an `x-up` header. */
export async function startEcho(): Promise<Echo> {
  const seen = new Map<string, Echoed[]>();
  const server: Server = createServer((request, response) => {
    const headers: [string, string][] = [];
    for (let i = 0; i < request.rawHeaders.length; i += 2)
      headers.push([request.rawHeaders[i]!.toLowerCase(), request.rawHeaders[i + 1]!]);
    const echoed: Echoed = {
      address: request.socket.localAddress ?? '',
      method: request.method ?? '',
      path: request.url ?? '',
      headers,
    };
    const id = headers.find(([name]) => name === 'x-meshgw-test')?.[1] ?? '';
    seen.set(id, [...(seen.get(id) ?? []), echoed]);
    request.resume();
    response.setHeader('x-up', '1');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    close: () => server.closeAllConnections() ?? server.close(),
  };
}
