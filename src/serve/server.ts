// A running gateway: its listeners, what it serves, how it takes a new configuration, and how it ends.

import net from 'node:net';
import { chainPlaces, type EffectiveGateway } from '../model/index.js';
import { compile, seededDraw, tokenBuckets } from '../simulate/index.js';
import { type Acceptor, accept } from './accept.js';
import { bugReporter } from './bug-report.js';
import {
  type Authority,
  type Certificates,
  createCertificates,
  createMaker,
  type Maker,
  type TlsSecret,
} from './certificates.js';
import { startClock } from './clock.js';
import { createConnections } from './connections.js';
import type { ExchangeRecord } from './exchange-record.js';
import { guard, type OnBug } from './guard.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { listen } from './listen.js';
import { createLoopGuard } from './loop.js';
import { localPort } from './ports.js';
import type { ActiveConfig, Runtime, TokenCheck } from './runtime.js';
import { createStats, type Stats } from './stats.js';
import { createTargets } from './targets.js';
import type { Trust } from './upstream-tls.js';

/** What is served: one gateway, and the Secrets that its TLS contexts name. */
export interface ServedConfig {
  readonly gateway: EffectiveGateway;
  /** By `namespace/name`. */
  readonly secrets?: ReadonlyMap<string, TlsSecret>;
  /** Certificates in ConfigMaps (`ca.crt`), PEM, by `namespace/name`: who signs for clients or destinations. */
  readonly authorities?: ReadonlyMap<string, string>;
}

export interface ServeOptions {
  /** Address to listen on. Default: loopback. */
  readonly host?: string;
  /** Local port by gateway port; 0: any free one. Ports below 1024 default to 18000 more. */
  readonly listen?: ReadonlyMap<number, number>;
  /** URL by destination, or several for several endpoints: `httpbin.default`, `httpbin.default:8000/v1`. http, https, h2c, h2, tcp. Others: the echo. */
  readonly upstreams?: ReadonlyMap<string, URL | readonly URL[]>;
  /** Check certificates of https upstreams. Default false. */
  readonly verifyUpstreams?: boolean;
  /** Makes random choices (weights, percentages) repeatable. Default: not repeatable. */
  readonly seed?: number;
  readonly limits?: Partial<Limits>;
  /** Share the ports with other processes of this machine (`--workers`). */
  readonly exclusive?: boolean;
  /** Checks tokens where the configuration has rules for them: `verifyTokens` of src/tokens. */
  readonly checkTokens?: TokenCheck;
  /** The CA for certificates that are made; absent: one of its own. */
  readonly authority?: Authority;
  /** Marks requests to upstreams, so that one that comes back is known; the same for processes that share the ports. Default: random. */
  readonly loopId?: string;
  /** Called with each exchange when it is over. */
  readonly onExchange?: (record: ExchangeRecord) => void;
  /** What a person should know: a broken upstream, a request that was not HTTP. One line. */
  readonly onNotice?: (text: string) => void;
  /** An error that nothing expected; the gateway goes on. Default: to `onNotice`, once for each place, bounded. */
  readonly onBug?: (error: unknown) => void;
}

export interface RunningServer {
  /** Local port by gateway port. */
  readonly listening: ReadonlyMap<number, number>;
  readonly config: () => ServedConfig;
  readonly stats: Stats;
  /** Where errors go that nothing expected. */
  readonly onBug: OnBug;
  /** PEM of the CA that signed the certificates made so far; undefined: none was needed. */
  ca(): string | undefined;
  /** Names of TLS certificates are made ahead, so that the CA can be printed at once. */
  prepareCertificates(): Promise<void>;
  /** Takes a new configuration for new requests and connections, all at once; those under way keep the old one. Rejects, and changes nothing, where it cannot be served. */
  reload(config: ServedConfig): Promise<void>;
  isDraining(): boolean;
  /** Closes the listeners, lets requests under way end (`limits.drainMs` at most), closes everything. */
  drain(): Promise<void>;
  /** At once. */
  close(): Promise<void>;
}

/** Rejects with CannotRunError where a port is taken or a certificate is broken. */
export async function startServer(first: ServedConfig, options: ServeOptions = {}): Promise<RunningServer> {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const notice = options.onNotice ?? (() => undefined);
  const onBug = options.onBug ?? bugReporter(notice);
  const clock = startClock(onBug);
  const maker = createMaker(options.authority);
  const connections = createConnections();
  const loop = createLoopGuard(options.loopId);
  const poolOptions = { limits, verify: options.verifyUpstreams ?? false, loopMark: loop.mark, onBug };
  const targets = createTargets(
    new Map([...(options.upstreams ?? [])].map(([name, urls]) => [name, [urls].flat()])),
    poolOptions,
  );

  const activate = (config: ServedConfig): { active: ActiveConfig; certificates: Certificates } => ({
    active: { compiled: compile(config.gateway), targets },
    certificates: certificatesOf(config, maker),
  });

  let served = first;
  const begun = activate(first);
  targets.trust(trustOf(first));
  const runtime: Runtime = {
    config: begun.active,
    limits,
    clock,
    stats: createStats(),
    draw: options.seed === undefined ? (max) => Math.floor(Math.random() * max) : seededDraw(options.seed),
    takeToken: tokenBuckets(() => Date.now()),
    onExchange: options.onExchange && ((record) => guard(() => options.onExchange?.(record), onBug)),
    checkTokens: options.checkTokens,
    onBug,
    loop,
    onRefused(status, detail, { port, source }) {
      runtime.stats.malformed++;
      runtime.stats.count('', status, 'DPE', 0);
      notice(`port ${port}: ${status} to ${source}: ${detail}`);
    },
    draining: false,
  };
  const acceptor: Acceptor & { certificates: Certificates } = {
    runtime,
    connections,
    certificates: begun.certificates,
    onNotice: notice,
  };

  const servers = new Map<number, net.Server>();
  const listening = new Map<number, number>();
  const open = async (port: number): Promise<void> => {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => accept(acceptor, socket, port));
    const wanted = localPort(port, options.listen);
    await listen(server, wanted, port, { host: options.host, exclusive: options.exclusive, onNotice: notice });
    servers.set(port, server);
    const address = server.address();
    listening.set(port, typeof address === 'object' && address !== null ? address.port : wanted);
  };
  const closeServer = (port: number) => {
    servers.get(port)?.close();
    servers.delete(port);
    listening.delete(port);
  };
  const shut = () => {
    for (const port of [...servers.keys()]) closeServer(port);
    clock.stop();
    targets.close();
  };

  try {
    for (const port of runtime.config.compiled.ports.keys()) await open(port);
  } catch (error) {
    shut();
    throw error;
  }

  /** One after the other: two that open the same port would be in each other's way. */
  let reloading: Promise<void> = Promise.resolve();
  const take = async (config: ServedConfig): Promise<void> => {
    const opened: number[] = [];
    try {
      const { active, certificates } = activate(config);
      for (const port of active.compiled.ports.keys()) {
        if (servers.has(port)) continue;
        await open(port);
        opened.push(port);
      }
      // It ended while the ports were opened.
      if (runtime.draining) {
        for (const port of opened) closeServer(port);
        return;
      }
      served = config;
      targets.trust(trustOf(config));
      runtime.config = active;
      acceptor.certificates = certificates;
      for (const port of [...servers.keys()]) if (!active.compiled.ports.has(port)) closeServer(port);
      runtime.stats.reloads++;
    } catch (error) {
      for (const port of opened) closeServer(port);
      runtime.stats.reloadsFailed++;
      throw error;
    }
  };

  const running: RunningServer = {
    listening,
    config: () => served,
    stats: runtime.stats,
    onBug,
    ca: maker.ca,
    async prepareCertificates() {
      await Promise.all(tlsChains(served).map((chain) => acceptor.certificates.contextFor(chain, null)));
    },
    reload(config) {
      const done = reloading.then(() => take(config));
      reloading = done.catch(() => undefined);
      return done;
    },
    isDraining: () => runtime.draining,
    async drain() {
      if (!runtime.draining) {
        runtime.draining = true;
        for (const server of servers.values()) server.close();
        connections.drain();
      }
      const until = performance.now() + limits.drainMs;
      while (connections.size > 0 && performance.now() < until) await new Promise((done) => setTimeout(done, 20));
      await running.close();
    },
    async close() {
      runtime.draining = true;
      shut();
      connections.destroy();
    },
  };
  return running;
}

const tlsChains = ({ gateway }: ServedConfig) =>
  [...chainPlaces(gateway)].map(({ chain }) => chain).filter((chain) => chain.tls !== undefined);

const trustOf = ({ secrets = new Map(), authorities = new Map() }: ServedConfig): Trust => ({ secrets, authorities });

const certificatesOf = (config: ServedConfig, maker: Maker): Certificates =>
  createCertificates(
    tlsChains(config),
    { secrets: config.secrets ?? new Map(), authorities: config.authorities ?? new Map() },
    maker,
  );
