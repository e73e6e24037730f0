// The built-in destination: answers what it was asked (contract "meshgw serve"), inside the process.

import { type Destination, destinationName } from '../model/index.js';
import type { Endpoint } from './endpoint.js';
import type { HeaderList, OutgoingRequest, ResponseEvents, UpstreamStream } from './message.js';
import { fromWire } from './wire-text.js';

export function echoEndpoint(destination: Pick<Destination, 'host' | 'port' | 'subset'>): Endpoint {
  const name = destinationName(destination);
  const { host, port, subset } = destination;
  const shown = { host, port, ...(subset === undefined ? {} : { subset }) };
  return {
    address: 'echo',
    openConnections: 0,
    close: () => undefined,
    open(request, events) {
      return new EchoStream(name, shown, request, events);
    },
  };
}

class EchoStream implements UpstreamStream {
  private readonly name: string;
  private readonly destination: Shown;
  private readonly request: OutgoingRequest;
  private events: ResponseEvents | undefined;

  constructor(name: string, destination: Shown, request: OutgoingRequest, events: ResponseEvents) {
    this.name = name;
    this.destination = destination;
    this.request = request;
    this.events = events;
  }

  write(): boolean {
    return true;
  }

  end(): void {
    process.nextTick(() => this.answer());
  }

  cancel(): void {
    this.events = undefined;
  }

  pauseResponse(): void {}
  resumeResponse(): void {}

  private answer(): void {
    const { events, request } = this;
    if (events === undefined) return;
    const { body } = echoBody(this.destination, request);
    const answer: HeaderList = ['content-type', 'application/json', 'x-meshgw-destination', this.name];
    events.onResponse({ status: 200, headers: answer, body: body.length, mayTrail: false });
    if (request.method !== 'HEAD') events.onResponseData(body);
    events.onResponseEnd([]);
  }
}

type Shown = Pick<Destination, 'host' | 'port' | 'subset'>;

/** The JSON that the echo answers, and the value of `x-meshgw-destination`. */
export function echoBody(
  destination: Shown,
  request: Pick<OutgoingRequest, 'method' | 'path' | 'authority' | 'headers'>,
): { readonly name: string; readonly body: Buffer } {
  const { authority, headers } = request;
  const pairs: [string, string][] = [['host', fromWire(authority)]];
  for (let i = 0; i < headers.length; i += 2)
    if (headers[i] !== 'host') pairs.push([headers[i] as string, fromWire(headers[i + 1] as string)]);
  const text = JSON.stringify({
    destination,
    method: request.method,
    path: fromWire(request.path),
    host: fromWire(authority),
    headers: pairs,
  });
  return { name: destinationName(destination), body: Buffer.from(`${text}\n`) };
}
