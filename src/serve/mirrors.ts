// Copies of a request to other destinations: sent as the request comes, their answers are read and dropped. A copy that
// falls behind is cut off rather than that the client waits for it.

import type { ForwardedCopy } from '../simulate/index.js';
import { guard } from './guard.js';
import type { HeaderList, OutgoingRequest, ResponseEvents, UpstreamStream } from './message.js';
import type { ActiveConfig, Runtime } from './runtime.js';
import { targetToWire, toWire } from './wire-text.js';

export interface MirrorCopies {
  write(chunk: Buffer): void;
  end(trailers: HeaderList): void;
}

/** What a slow copy may owe. Bytes. */
const BEHIND_BYTES = 1_048_576;

const IGNORE: ResponseEvents = {
  onInformational: () => undefined,
  onResponse: () => undefined,
  onResponseData: () => undefined,
  onResponseEnd: () => undefined,
  onFault: () => undefined,
  onUpstreamWritable: () => undefined,
  onTunnel: () => undefined,
};

/** `begun`: what has come of the body already. */
export function startMirrors(
  runtime: Runtime,
  config: ActiveConfig,
  copies: readonly ForwardedCopy[],
  request: OutgoingRequest,
  begun: readonly Buffer[],
): MirrorCopies {
  const streams: MirrorCopies[] = [];
  for (const copy of copies) {
    // The client's own request goes on, whatever becomes of a copy.
    guard(() => streams.push(startMirror(runtime, config, copy, request)), runtime.onBug);
  }
  for (const chunk of begun) for (const stream of streams) stream.write(chunk);
  return {
    write: (chunk) => {
      for (const stream of streams) stream.write(chunk);
    },
    end: (trailers) => {
      for (const stream of streams) stream.end(trailers);
    },
  };
}

function startMirror(
  runtime: Runtime,
  config: ActiveConfig,
  copy: ForwardedCopy,
  request: OutgoingRequest,
): MirrorCopies {
  let behind = 0;
  let over = false;
  const stream: UpstreamStream = config.targets.of(copy.destination).endpoint.open(
    {
      ...request,
      upgrade: undefined,
      method: copy.method,
      path: targetToWire(copy.path),
      authority: toWire(copy.host),
      headers: request.headers.slice(),
    },
    {
      ...IGNORE,
      onUpstreamWritable: () => {
        behind = 0;
      },
      onFault: () => {
        over = true;
      },
      onResponseEnd: () => {
        over = true;
      },
    },
  );
  return {
    write(chunk) {
      if (over) return;
      if (stream.write(chunk)) behind = 0;
      else behind += chunk.length;
      if (behind <= BEHIND_BYTES) return;
      over = true;
      runtime.stats.mirrorsDropped++;
      stream.cancel();
    },
    end: (trailers) => {
      if (!over) stream.end(trailers);
    },
  };
}
