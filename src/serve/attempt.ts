// One try to get an answer from a destination. Stands between the exchange and the stream, so that what an abandoned
// try still says is not heard.

import type { Endpoint, OpenOptions } from './endpoint.js';
import { guard } from './guard.js';
import type {
  HeaderList,
  OutgoingRequest,
  ResponseEvents,
  ResponseHead,
  UpstreamFault,
  UpstreamStream,
} from './message.js';

/** Why one try failed. */
export type AttemptFault = UpstreamFault | { readonly kind: 'per-try-timeout'; readonly detail: string };

export interface AttemptOwner {
  onInformational(status: number, headers: HeaderList): void;
  onResponse(head: ResponseHead): void;
  /** `false`: the client cannot take more now. */
  onResponseData(chunk: Buffer): boolean;
  onResponseEnd(trailers: HeaderList): void;
  onFault(fault: AttemptFault): void;
  onUpstreamWritable(): void;
  onTunnel(head: ResponseHead): void;
  /** An error that nothing expected while one of these was handled. */
  onBug(error: unknown): void;
}

export class Attempt implements ResponseEvents {
  private readonly owner: AttemptOwner;
  private stream: UpstreamStream | undefined;
  private over = false;
  private ended = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(owner: AttemptOwner) {
    this.owner = owner;
  }

  /** `perTryMs` 0: no limit. */
  begin(endpoint: Endpoint, request: OutgoingRequest, perTryMs: number, options: OpenOptions): void {
    this.stream = endpoint.open(request, this, options);
    if (perTryMs > 0) this.timer = setTimeout(() => this.guard(() => this.onPerTryTimeout()), perTryMs);
  }

  write(chunk: Buffer): boolean {
    return this.over || this.stream === undefined || this.stream.write(chunk);
  }

  end(trailers: HeaderList): void {
    if (this.ended || this.over) return;
    this.ended = true;
    this.stream?.end(trailers);
  }

  cancel(): void {
    if (this.over) return;
    this.close();
    this.stream?.cancel();
  }

  /** The client takes bytes again. */
  resume(): void {
    if (!this.stopped || this.over) return;
    this.stopped = false;
    this.stream?.resumeResponse();
  }

  private close(): void {
    this.over = true;
    this.stopTimer();
  }

  private stopTimer(): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
  }

  private onPerTryTimeout(): void {
    if (this.over) return;
    this.cancel();
    this.owner.onFault({ kind: 'per-try-timeout', detail: 'timeout of one try' });
  }

  private guard(run: () => void): void {
    guard(run, (error) => this.owner.onBug(error));
  }

  onInformational(status: number, headers: HeaderList): void {
    if (!this.over) this.guard(() => this.owner.onInformational(status, headers));
  }

  onResponse(head: ResponseHead): void {
    if (this.over) return;
    this.stopTimer();
    this.guard(() => this.owner.onResponse(head));
  }

  onTunnel(head: ResponseHead): void {
    if (this.over) return;
    this.stopTimer();
    this.guard(() => this.owner.onTunnel(head));
  }

  onResponseData(chunk: Buffer): void {
    if (this.over) return;
    this.guard(() => {
      if (this.owner.onResponseData(chunk)) return;
      this.stopped = true;
      this.stream?.pauseResponse();
    });
  }

  onResponseEnd(trailers: HeaderList): void {
    if (this.over) return;
    this.close();
    this.guard(() => this.owner.onResponseEnd(trailers));
  }

  onFault(fault: UpstreamFault): void {
    if (this.over) return;
    this.close();
    this.guard(() => this.owner.onFault(fault));
  }

  onUpstreamWritable(): void {
    if (!this.over) this.guard(() => this.owner.onUpstreamWritable());
  }
}
