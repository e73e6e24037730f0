// Where the suite opens connections by itself (TCPRoute, TLSRoute): a socket for each listener that forwards bytes. `simulate` says which Pod
// each connection reaches; the suite's TCP server in it is played here.
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, type SecureContext } from 'node:tls';
import { simulatorOf } from '../../../src/api/simulator.js';
import type { Bytes } from '../../../src/simulate/index.js';
import type { ServedGateway } from './data-plane.js';
import { endOf } from './played-backend.js';
import type { Cluster } from './simulated.js';

/** WelcomeMessage of conformance/echo-basic/tcpserver. */
const WELCOME = 'Gateway API Test TCP Server\n';

export interface SimulatedBytes {
  update(served: readonly ServedGateway[]): void;
  close(): void;
}

export function startSimulatedBytes(cluster: Cluster): SimulatedBytes {
  const servers = new Map<string, Server>();
  const close = (keep: ReadonlySet<string>) => {
    for (const [key, server] of [...servers]) {
      if (keep.has(key)) continue;
      servers.delete(key);
      server.close();
    }
  };
  return {
    update(served) {
      const wanted = new Set<string>();
      for (const { id, address } of served)
        for (const { port, filterChains } of cluster.gateways().find((g) => g.id === id)?.listeners ?? []) {
          if (!filterChains.some((c) => c.kind === 'l4')) continue;
          const key = `${address}:${port}`;
          wanted.add(key);
          if (servers.has(key)) continue;
          const tls = filterChains.some((c) => c.tls !== undefined || c.match.transport === 'tls');
          const server = tls
            ? tlsServer(id, port, cluster)
            : createServer((socket) => void plain(socket, id, port, cluster));
          server.on('error', (error) => console.error(`${key}: ${error.message}`));
          servers.set(key, server.listen(port, address));
        }
      close(wanted);
    },
    close: () => close(new Set()),
  };
}

async function decisionOf(id: string, port: number, sni: string | undefined, { gateways }: Cluster) {
  const gateway = gateways().find((g) => g.id === id);
  if (gateway === undefined) return undefined;
  const seed = Math.floor(Math.random() * 2 ** 32);
  const scheme = sni === undefined ? 'http' : 'https';
  const request = {
    gateway: id,
    port,
    scheme,
    method: 'GET',
    host: sni ?? 'bytes',
    path: '/',
    ...(sni && { sni }),
  } as const;
  const { decision } = await simulatorOf([gateway], { now: Date.now(), seed }).simulate(request);
  return decision.kind === 'l4' ? decision : undefined;
}

async function plain(socket: Socket, id: string, port: number, cluster: Cluster): Promise<void> {
  socket.on('error', () => socket.destroy());
  const found = await decisionOf(id, port, undefined, cluster);
  const end = found && endOf(found, cluster);
  if (end === undefined) socket.destroy();
  else echo(socket, { namespace: end.pod.namespace, pod: end.pod.name, isTLS: false });
}

function tlsServer(id: string, port: number, cluster: Cluster): Server {
  const decided = new Map<string, Parameters<typeof echo>[1]>();
  const choose = async (name: string): Promise<SecureContext> => {
    const found = await decisionOf(id, port, name, cluster);
    const end = found && endOf(found, cluster);
    if (found === undefined || end === undefined) throw new Error('nothing behind the gateway');
    const isTLS = end.certificate !== undefined;
    const { namespace, name: pod } = end.pod;
    decided.set(name, { namespace, pod, isTLS, ...(isTLS && { tls: { serverName: name } }) });
    return isTLS ? createSecureContext({ cert: end.certificate, key: end.key }) : gatewayContext(found, cluster);
  };
  const server = createTlsServer(
    { SNICallback: (name, done) => void choose(name).then((context) => done(null, context), done) },
    (socket) => {
      const answer = decided.get(socket.servername || '');
      if (answer === undefined) socket.destroy();
      else echo(socket, answer);
    },
  );
  server.on('tlsClientError', (_, socket) => socket.destroy());
  return server;
}

function gatewayContext({ chain }: Bytes, { store }: Cluster): SecureContext {
  const [credential] = chain.tls?.credentials ?? [];
  const data = credential && store.find('Secret', credential.namespace, credential.name)?.data;
  const text = (key: string) => Buffer.from(data?.[key] ?? '', 'base64');
  return createSecureContext({ cert: text('tls.crt'), key: text('tls.key') });
}

function echo(
  socket: Socket,
  assertions: { readonly namespace: string; readonly pod: string; readonly isTLS: boolean },
) {
  socket.on('error', () => socket.destroy());
  socket.write(WELCOME);
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    for (const line of text.split('\n')) {
      if (line === 'TEST') socket.write(`${JSON.stringify(assertions)}\n`);
      if (line === 'IS_TLS') socket.write(`${assertions.isTLS}\n`);
      if (line === 'PING') socket.write('PONG\n');
    }
  });
  socket.on('end', () => socket.end());
}
