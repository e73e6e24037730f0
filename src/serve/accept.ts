// What a new connection is, by its first bytes: TLS (and for which name), HTTP/2 or HTTP/1, or plain bytes; the filter
// chain of the gateway decides who gets it.

import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { destinationName, type FilterChain } from '../model/index.js';
import { decide, selectChain } from '../simulate/index.js';
import { forwardBytes } from './bytes.js';
import type { Certificates, ChosenContext } from './certificates.js';
import { choiceOf } from './chain-choice.js';
import { HELLO_LIMIT, readClientHello } from './client-hello.js';
import type { Watched } from './clock.js';
import type { Connections } from './connections.js';
import { startExchange } from './exchange.js';
import { markAnswer } from './gateway-headers.js';
import { guard } from './guard.js';
import { Http1ServerConnection, type Service } from './http1/server-connection.js';
import { startHttp2 } from './http2/server-connection.js';
import type { HeaderList } from './message.js';
import type { Arrival, Runtime } from './runtime.js';

export interface Acceptor {
  readonly runtime: Runtime;
  readonly connections: Connections;
  readonly certificates: Certificates;
  onNotice(text: string): void;
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const HANDSHAKE = 22;
const NOTHING = Buffer.alloc(0);

/** Takes a connection that came for the gateway's port `port`. */
export function accept(acceptor: Acceptor, socket: Socket, port: number): void {
  const { runtime, connections } = acceptor;
  const { stats, limits } = runtime;
  stats.connectionsTotal++;
  if (connections.size >= limits.connections || runtime.draining) {
    stats.connectionsRefused++;
    socket.destroy();
    return;
  }
  stats.connections++;
  connections.add(socket);
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.once('close', () => {
    stats.connections--;
    connections.delete(socket);
  });
  new FirstBytes(acceptor, socket, port).start();
}

/** Waits until enough has come to know. */
class FirstBytes implements Watched {
  deadline: number;
  private readonly acceptor: Acceptor;
  private readonly socket: Socket;
  private readonly port: number;
  private readonly source: string;
  private bytes: Buffer = NOTHING;

  constructor(acceptor: Acceptor, socket: Socket, port: number) {
    this.acceptor = acceptor;
    this.socket = socket;
    this.port = port;
    this.source = (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
    this.deadline = acceptor.runtime.clock.now + acceptor.runtime.limits.idleMs;
  }

  start(): void {
    this.guard(() => this.begin());
  }

  /** A bug costs this connection. */
  private guard(run: () => void): void {
    guard(run, (error) => {
      this.acceptor.runtime.onBug(error);
      this.socket.destroy();
    });
  }

  private begin(): void {
    const { runtime } = this.acceptor;
    const listener = runtime.config.compiled.ports.get(this.port)?.listener;
    // A protocol in which the server speaks first must not wait for the client: nothing here asks for TLS or HTTP.
    if (listener?.filterChains.every((chain) => chain.kind === 'l4' && chain.match.transport !== 'tls')) {
      this.choose('raw', null);
      return;
    }
    runtime.clock.watch(this);
    this.socket.on('data', this.onData);
    this.socket.on('end', this.onEnd);
    this.socket.on('close', this.stop);
  }

  private readonly stop = (): void => {
    this.acceptor.runtime.clock.unwatch(this);
    this.socket.off('data', this.onData);
    this.socket.off('end', this.onEnd);
    this.socket.off('close', this.stop);
  };

  /** Hung up before anybody knew what for; half-open is what the protocols below may allow. */
  private readonly onEnd = (): void => {
    this.socket.destroy();
  };

  onDeadline(): void {
    this.socket.destroy();
  }

  private readonly onData = (chunk: Buffer): void => this.guard(() => this.read(chunk));

  private read(chunk: Buffer): void {
    const { runtime } = this.acceptor;
    if (this.bytes.length === 0) this.deadline = runtime.clock.now + runtime.limits.headMs;
    this.bytes = this.bytes.length === 0 ? chunk : Buffer.concat([this.bytes, chunk]);
    if (this.bytes[0] !== HANDSHAKE) {
      const common = Math.min(this.bytes.length, PREFACE.length);
      const startsAsPreface = this.bytes.compare(PREFACE, 0, common, 0, common) === 0;
      if (startsAsPreface && this.bytes.length < PREFACE.length) return;
      this.stop();
      this.choose('raw', null, startsAsPreface);
      return;
    }
    const hello = readClientHello(this.bytes);
    if (hello === 'more' && this.bytes.length < HELLO_LIMIT) return;
    this.stop();
    if (typeof hello === 'string') this.refuse();
    else this.choose('tls', hello.sni);
  }

  private refuse(): void {
    this.acceptor.runtime.stats.connectionsRefused++;
    this.socket.destroy();
  }

  private choose(transport: 'tls' | 'raw', sni: string | null, http2 = false): void {
    const { runtime } = this.acceptor;
    const { config } = runtime;
    const { port, source, socket } = this;
    const connection = selectChain(config.compiled, { port, transport, sni, source });
    if (connection.kind !== 'l4' && connection.kind !== 'http') {
      this.refuse();
      return;
    }
    if (connection.kind === 'l4') {
      if (transport === 'raw' || connection.chain.tls === undefined) this.forwardBytes(socket, transport, sni);
      else this.handshake(connection.chain, sni, [], (secure) => this.forwardBytes(secure, transport, sni));
      return;
    }
    const chosen = choiceOf(runtime, config, connection);
    const arrival: Arrival = { port, tls: transport === 'tls', sni, source, chosen };
    if (transport === 'raw') {
      if (http2) this.speakHttp2(socket, arrival, this.bytes);
      else this.speakHttp1(socket, arrival, this.bytes);
      return;
    }
    this.handshake(connection.chain, sni, ['h2', 'http/1.1'], (secure) => {
      if (secure.alpnProtocol === 'h2') this.speakHttp2(secure, arrival, NOTHING);
      else this.speakHttp1(secure, arrival, NOTHING);
    });
  }

  /** Ends TLS with the certificate of the chain. `done` is not called where that fails. */
  private handshake(
    chain: FilterChain,
    sni: string | null,
    protocols: string[],
    done: (secure: TLSSocket) => void,
  ): void {
    const { port, socket } = this;
    const { certificates, onNotice } = this.acceptor;
    socket.pause();
    socket.unshift(this.bytes);
    this.bytes = NOTHING;
    const context = certificates.contextFor(chain, sni);
    if (!(context instanceof Promise)) {
      this.terminate(context, protocols, done);
      return;
    }
    context.then(
      (made) => this.guard(() => this.terminate(made, protocols, done)),
      (error: Error) => {
        onNotice(`port ${port}: ${error.message}`);
        this.refuse();
      },
    );
  }

  private terminate(context: ChosenContext, protocols: string[], done: (secure: TLSSocket) => void): void {
    const { runtime } = this.acceptor;
    const { socket } = this;
    if (socket.destroyed) return;
    const secure = new TLSSocket(socket, {
      isServer: true,
      secureContext: context.secureContext,
      requestCert: context.requestCert,
      rejectUnauthorized: context.requireCert,
      ...(protocols.length === 0 ? {} : { ALPNProtocols: protocols }),
    });
    this.deadline = runtime.clock.now + runtime.limits.headMs;
    runtime.clock.watch(this);
    secure.on('error', this.onEnd);
    secure.once('close', this.stop);
    secure.once('secure', () =>
      this.guard(() => {
        this.stop();
        if (isRefused(context, secure)) return void socket.destroy();
        // tls.Server clears this flag when it has made the socket (lib/internal/tls/wrap.js, onServerSocketSecure); an
        // HTTP/2 session waits for it.
        Object.assign(secure, { secureConnecting: false });
        done(secure);
      }),
    );
  }

  /** `client`: where the bytes come from, the connection itself or the TLS in it. */
  private forwardBytes(client: Socket, transport: 'tls' | 'raw', sni: string | null): void {
    const { runtime, onNotice } = this.acceptor;
    const { config } = runtime;
    const { port, source, socket } = this;
    const scheme = transport === 'tls' ? 'https' : 'http';
    const request = { port, scheme, method: 'GET', host: sni ?? '', path: '/', sni, source } as const;
    const decision = decide(config.compiled, request, { draw: runtime.draw });
    if (decision.kind !== 'l4') {
      this.refuse();
      return;
    }
    const to = config.targets.of(decision.destination).endpoint.bytes;
    if (to === undefined) {
      onNotice(
        `port ${port}: no address for the destination ${destinationName(decision.destination)}; name one with --upstream ${destinationName(decision.destination)}=tcp://HOST:PORT`,
      );
      this.refuse();
      return;
    }
    client.pause();
    // The other end of a connection to serve itself comes up in the same turn of the event loop: it is known in the next.
    setImmediate(() =>
      this.guard(() => {
        if (socket.destroyed) return;
        if (runtime.loop.isOwnConnection(socket)) {
          onNotice(`port ${port}: refused: an --upstream leads to port ${port} of serve itself`);
          this.refuse();
          return;
        }
        forwardBytes(client, {
          to,
          begun: this.bytes,
          connectMs: runtime.limits.connectMs,
          reset: () => socket.resetAndDestroy(),
          onConnected: (upstream) => runtime.loop.addOutgoing(upstream),
          onFault: (detail) => onNotice(`port ${port}: ${destinationName(decision.destination)}: ${detail}`),
        });
      }),
    );
  }

  private speakHttp1(socket: Socket, arrival: Arrival, begun: Buffer): void {
    const connection = new Http1ServerConnection(socket, serviceOf(this.acceptor.runtime, arrival), () => undefined);
    this.acceptor.connections.speaks(this.socket, connection);
    if (begun.length > 0) connection.onData(begun);
  }

  private speakHttp2(socket: Socket, arrival: Arrival, begun: Buffer): void {
    this.acceptor.connections.speaks(this.socket, startHttp2(socket, this.acceptor.runtime, arrival, begun));
  }
}

/** As tls.Server does it for its own sockets, which alone have `authorized` set (lib/internal/tls/wrap.js, onServerSocketSecure). */
function isRefused({ requireCert, checkCert }: ChosenContext, secure: TLSSocket): boolean {
  if (!requireCert && !checkCert) return false;
  const shown = Object.keys(secure.getPeerCertificate()).length > 0;
  if (!shown) return requireCert;
  const { _handle: handle } = secure as unknown as { _handle?: { verifyError?(): Error | null | undefined } };
  return checkCert && (handle?.verifyError === undefined || Boolean(handle.verifyError()));
}

function serviceOf(runtime: Runtime, arrival: Arrival): Service {
  return {
    clock: runtime.clock,
    limits: runtime.limits,
    headPolicy: { wire: runtime.config.compiled.engine.wire, secure: arrival.tls },
    serve: (client, head) => startExchange(runtime, arrival, client, head),
    errorHeaders() {
      const headers: HeaderList = [];
      markAnswer(headers, runtime.config.compiled.engine, runtime.clock);
      return headers;
    },
    onRefused: (status, detail) => runtime.onRefused(status, detail, arrival),
    isDraining: () => runtime.draining,
    onBug: runtime.onBug,
  };
}
