// On which ports clients meet the listeners: the gateway's Service says it where it is among the files and the labels of the pod are known,
// else `--port LISTENER=CLIENT`, else they are the listeners' own.

import { type ClosedPort, type Listener, own } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { serviceView } from '../../../resources/services.js';

/** From the port of a listener to those of clients. */
export type PortMap = ReadonlyMap<number, readonly number[]>;

/** `8080=80,8443=443`. Undefined: it is none. */
export function parsePorts(flag: string | undefined): PortMap | undefined {
  const map = new Map<number, number[]>();
  for (const part of flag?.split(',') ?? []) {
    const [, listener, client] = /^(\d{1,5})=(\d{1,5})$/.exec(part.trim()) ?? [];
    if (listener === undefined || client === undefined) return undefined;
    map.set(Number(listener), [...(map.get(Number(listener)) ?? []), Number(client)]);
  }
  return map;
}

export function portsOfServices(catalog: Catalog, labels: Readonly<Record<string, string>> | undefined): PortMap {
  const map = new Map<number, number[]>();
  if (!labels) return map;
  for (const { selector, ports } of catalog.ofKind('/Service').map(serviceView)) {
    const wanted = Object.entries(selector);
    if (wanted.length === 0 || !wanted.every(([key, value]) => own(labels, key) === value)) continue;
    for (const { port, targetPort, protocol } of ports)
      if (protocol === 'TCP' && typeof targetPort === 'number')
        map.set(targetPort, [...new Set([...(map.get(targetPort) ?? []), port])]);
  }
  return map;
}

/** The listeners as clients meet them. */
export const asClientsMeetThem = (listeners: readonly Listener[], ports: PortMap): readonly Listener[] =>
  ports.size === 0
    ? listeners
    : listeners.flatMap((listener) =>
        (ports.get(listener.port) ?? [listener.port]).map((port) => ({ ...listener, port })),
      );

/** Of pods that run without root, and what Services of gateways call them. */
const USUAL: readonly (readonly [pod: number, client: number])[] = [
  [8080, 80],
  [8443, 443],
];

/** Ports on which clients meet nothing, and why: `idle` listeners by their own ports, and ports that a Service would have. */
export function closedPorts(
  idle: readonly ClosedPort[],
  listeners: readonly Listener[],
  ports: PortMap,
): readonly ClosedPort[] {
  const usual = (pod: number) => USUAL.flatMap(([p, client]) => (p === pod && ports.size === 0 ? [client] : []));
  const met = idle.flatMap((one) =>
    (ports.get(one.port) ?? [one.port, ...usual(one.port)]).map((port) => ({ ...one, port })),
  );
  const unmapped = USUAL.flatMap(([pod, client]): ClosedPort[] => {
    const listener = listeners.find(({ port }) => port === pod);
    if (!listener?.origin || ports.size > 0) return [];
    const why = `the gateway listens on ${pod}; if its Service leads there from ${client}, add the Service or --port ${pod}=${client}`;
    return [{ port: client, why, origin: listener.origin }];
  });
  const open = new Set(listeners.map(({ port }) => port));
  return [...met, ...unmapped].filter(({ port }) => !open.has(port));
}
