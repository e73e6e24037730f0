// Which servers of several Gateways share a port of the pods, and which are skipped: mergeGateways in pilot/pkg/model/gateway.go.

import { isHttp } from '../../../implementations/istio/protocol.js';
import type { ReadNote } from '../../dialect.js';
import type { GatewayConfig, Protocol, Server } from '../config.js';
import { isHttpServer, isPassthrough, isTlsServer } from './protocols.js';

/** Servers of one port, protocol and address. */
export interface PortServers {
  /** Of the gateway's pods. */
  readonly port: number;
  readonly protocol: Protocol;
  readonly bind: string;
  readonly servers: Server[];
  /** Of plain HTTP: which route table; HTTPS servers have one each. */
  routeName: string;
}

export interface MergedServers {
  /** In the order in which they came up. */
  readonly ports: readonly PortServers[];
  /** Servers that share a route table. */
  readonly byRouteName: ReadonlyMap<string, readonly Server[]>;
}

/** Where a server listens in the pods. */
export const podPort = (server: Server): number => server.podPort ?? server.port;

/** gatewayRDSRouteName: empty for servers that see no HTTP. */
export function routeNameOf(server: Server): string {
  const bind = server.bind === '' ? '' : `.${server.bind}`;
  if (isHttp(server.protocol)) return `http.${podPort(server)}${bind}`;
  if (server.protocol !== 'HTTPS' || isPassthrough(server)) return '';
  const [namespace, name] = server.gateway.split('/');
  return `https.${server.port}.${server.portName}.${name}.${namespace}${bind}`;
}

/** Hosts of TLS servers by port: one server has one host per address. CheckDuplicates in pilot/pkg/model/gateway.go. */
export class ClaimedHosts {
  readonly #byPort = new Map<number, Map<string, string>>();

  /** Claims all, or returns those that are taken. */
  claim(port: number, bind: string, hosts: readonly string[]): string[] {
    const known = this.#byPort.get(port) ?? new Map<string, string>();
    this.#byPort.set(port, known);
    const taken = hosts.filter((h) => known.get(h) === bind);
    if (taken.length === 0) for (const h of hosts) known.set(h, bind);
    return taken;
  }
}

/** `gateways` oldest first. */
export function mergeServers(gateways: readonly GatewayConfig[], notes: ReadNote[]): MergedServers {
  const merge = new ServerMerge(notes);
  for (const gateway of gateways) for (const server of gateway.servers) merge.add(server);
  return { ports: [...merge.ports.values()], byRouteName: merge.byRouteName };
}

class ServerMerge {
  readonly ports = new Map<string, PortServers>();
  readonly byRouteName = new Map<string, Server[]>();
  readonly #seen = new Set<number>();
  /** The plain text server that decides about its port. */
  readonly #plain = new Map<number, PortServers>();
  readonly #tlsBinds = new Map<number, Set<string>>();
  readonly #claimed = new ClaimedHosts();
  readonly #notes: ReadNote[];

  constructor(notes: ReadNote[]) {
    this.#notes = notes;
  }

  add(server: Server): void {
    const port = podPort(server);
    const { bind } = server;
    const routeName = routeNameOf(server);
    if (server.tls) {
      const taken = this.#claimed.claim(port, bind, server.hosts);
      if (taken.length > 0) {
        this.#skip(server, `an earlier TLS server of port ${server.port} has ${taken.join(', ')}`);
        return;
      }
    }
    if (!this.#seen.has(port)) {
      this.#seen.add(port);
      this.#start(server, routeName);
      return;
    }
    const current = this.#plain.get(port);
    if (current) this.#joinPlain(server, routeName, current);
    else if (isTlsServer(server)) this.#joinTls(server, routeName);
    else this.#start(server, routeName);
  }

  /** The first of its port, protocol and address (addPlainTextServer, which takes TLS servers too). */
  #start(server: Server, routeName: string): void {
    const { protocol, bind } = server;
    const port = podPort(server);
    const entry: PortServers = { port, protocol, bind, servers: [server], routeName };
    const key = keyOf(server);
    // A later server with the same key takes the earlier one's place, not its turn.
    this.ports.set(key, entry);
    if (!isTlsServer(server)) this.#plain.set(port, entry);
    if (isHttpServer(server)) this.byRouteName.set(routeName, [server]);
  }

  #joinPlain(server: Server, routeName: string, current: PortServers): void {
    const sameBind = current.bind === server.bind;
    const mergeable = (isHttp(server.protocol) || server.protocol === current.protocol) && isHttp(current.protocol);
    if (sameBind && (!mergeable || routeName === '')) {
      this.#skip(server, `port ${server.port} already has protocol ${current.protocol}`);
      return;
    }
    if (!sameBind) {
      const entry = this.ports.get(keyOf(server));
      if (!entry) {
        this.#start(server, routeName);
        return;
      }
      entry.routeName = routeName;
      entry.servers.push(server);
    } else {
      current.servers.push(server);
    }
    this.#table(routeName).push(server);
  }

  #joinTls(server: Server, routeName: string): void {
    const { protocol, bind } = server;
    const port = podPort(server);
    if (isHttpServer(server)) {
      if (this.byRouteName.has(routeName)) {
        this.#skip(server, `port name ${server.portName} is not unique`);
        return;
      }
      this.byRouteName.set(routeName, [server]);
    }
    const binds = this.#tlsBinds.get(port) ?? new Set<string>();
    this.#tlsBinds.set(port, binds.add(bind));
    const entry = this.ports.get(keyOf(server));
    if (entry) entry.servers.push(server);
    else this.ports.set(keyOf(server), { port, protocol, bind, servers: [server], routeName: '' });
  }

  #table(routeName: string): Server[] {
    const table = this.byRouteName.get(routeName) ?? [];
    this.byRouteName.set(routeName, table);
    return table;
  }

  #skip(server: Server, why: string): void {
    this.#notes.push({
      code: 'server-skipped',
      message: `This server of Gateway ${server.gateway} is not used: ${why}.`,
      origin: server.origin,
      hosts: server.hosts.map((host) => host.slice(host.indexOf('/') + 1)),
    });
  }
}

const keyOf = (s: Server): string => `${podPort(s)}|${s.protocol}|${s.bind}`;
