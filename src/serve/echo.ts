// The built-in destination: answers what it was asked (contract "meshgw serve"), inside the process.

import type { Destination } from '../model/index.js';
import { destinationName, type Endpoint } from './endpoint.js';
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
  private readonly destination: object;
  private readonly request: OutgoingRequest;
  private events: ResponseEvents | undefined;

  constructor(name: string, destination: object, request: OutgoingRequest, events: ResponseEvents) {
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
    const pairs: [string, string][] = [['host', fromWire(request.authority)]];
    const { headers } = request;
    for (let i = 0; i < headers.length; i += 2) pairs.push([headers[i] as string, fromWire(headers[i + 1] as string)]);
    const text = JSON.stringify({
      destination: this.destination,
      method: request.method,
      path: fromWire(request.path),
      host: fromWire(request.authority),
      headers: pairs,
    });
    const body = Buffer.from(`${text}\n`);
    const answer: HeaderList = ['content-type', 'application/json', 'x-meshgw-destination', this.name];
    events.onResponse({ status: 200, headers: answer, body: body.length });
    if (request.method !== 'HEAD') events.onResponseData(body);
    events.onResponseEnd([]);
  }
}
