// A request on its way to a destination: attempts, what they still need of its body, timeouts, copies for mirrors, and
// whether a failure is tried again or answered.

import type { Delivery } from '../model/index.js';
import type { Forwarded } from '../simulate/index.js';
import { Attempt, type AttemptFault, type AttemptOwner } from './attempt.js';
import type { OpenOptions } from './endpoint.js';
import type { ExchangeRecord } from './exchange-record.js';
import { type FaultAnswer, faultAnswer, TIMEOUT_ANSWER } from './faults.js';
import { guard } from './guard.js';
import { openOptions } from './hash-policy.js';
import { headerOf } from './header-list.js';
import type { HeaderList, OutgoingRequest, RequestHead, ResponseHead } from './message.js';
import { type MirrorCopies, startMirrors } from './mirrors.js';
import { HOLD_BYTES, type RequestBody } from './request-body.js';
import { backoff, type RetryPolicy, retriesFault, retriesStatus, retryPolicy } from './retry-policy.js';
import type { ActiveConfig, Arrival, Runtime } from './runtime.js';
import type { Target } from './targets.js';

/** Hears what became of the request; after `onAnswerEnd`, `onFailed` or `onCut` nothing follows. */
export interface ForwardingOwner {
  onInformational(status: number, headers: HeaderList): void;
  onAnswer(head: ResponseHead): void;
  onTunnel(head: ResponseHead): void;
  /** `false`: the client cannot take more now. */
  onAnswerData(chunk: Buffer): boolean;
  onAnswerEnd(trailers: HeaderList): void;
  /** No destination answered: what the client gets. */
  onFailed(answer: FaultAnswer, detail: string): void;
  /** The answer broke off under way. */
  onCut(flag: string, detail: string): void;
  /** An error that nothing expected: this request cannot go on. */
  onBug(error: unknown): void;
}

/** What is forwarded, and by which decision. */
export interface ForwardingInput {
  readonly runtime: Runtime;
  readonly config: ActiveConfig;
  readonly arrival: Arrival;
  readonly head: RequestHead;
  readonly body: RequestBody;
  readonly decision: Forwarded;
  readonly outgoing: OutgoingRequest;
}

const NO_OPTIONS: OpenOptions = {};

export class Forwarding implements AttemptOwner {
  private readonly owner: ForwardingOwner;
  private readonly runtime: Runtime;
  private readonly head: RequestHead;
  private readonly body: RequestBody;
  private readonly target: Target;
  private readonly outgoing: OutgoingRequest;
  private readonly policy: RetryPolicy;
  private readonly options: OpenOptions;
  private readonly mirrors: MirrorCopies | undefined;
  private attempt: Attempt | undefined;
  private attempts = 0;
  private sentAt = 0;
  /** From the last attempt's start to the head of its answer. Ms. */
  private serviceMs: number | undefined;
  /** All of the body is held, so that another attempt can be made. */
  private replayable: boolean;
  private responded = false;
  private over = false;
  private backoff: NodeJS.Timeout | undefined;
  private timeout: NodeJS.Timeout | undefined;

  constructor(owner: ForwardingOwner, { runtime, config, head, body, arrival, decision, outgoing }: ForwardingInput) {
    const delivery = deliveryOf(decision);
    this.owner = owner;
    this.runtime = runtime;
    this.head = head;
    this.body = body;
    this.outgoing = outgoing;
    this.target = config.targets.of(decision.destination);
    this.policy = retryPolicy(delivery, config.compiled.engine);
    this.options =
      delivery === undefined
        ? NO_OPTIONS
        : openOptions(delivery, decision, head, { headers: outgoing.headers, arrival });
    this.replayable = head.upgrade === undefined;
    this.mirrors =
      decision.mirrors.length > 0 ? startMirrors(runtime, config, decision.mirrors, outgoing, body.held) : undefined;
    const limit = delivery?.timeoutMs ?? 0;
    if (limit > 0) this.timeout = this.later(limit, () => this.onTimeout());
  }

  get destination(): string {
    return this.target.name;
  }

  start(): void {
    this.tryOnce();
    if (this.body.ended) this.mirrors?.end(this.body.trailers);
  }

  private tryOnce(): void {
    if (this.over) return;
    const { body } = this;
    this.attempts++;
    this.sentAt = performance.now();
    const attempt = new Attempt(this);
    this.attempt = attempt;
    attempt.begin(this.target.endpoint, this.outgoing, this.policy.perTryMs, this.options);
    let room = true;
    if (body.heldBytes > 0) {
      for (const chunk of body.held) room = attempt.write(chunk) && room;
      if (!this.replayable) body.drop();
    }
    if (body.ended) attempt.end(body.trailers);
    if (room) body.resume();
    else body.pause();
  }

  /** A piece of the request's body. */
  write(chunk: Buffer): void {
    const { body, attempt } = this;
    if (attempt === undefined || this.replayable) body.hold(chunk);
    this.mirrors?.write(chunk);
    if (attempt === undefined) {
      if (body.heldBytes > HOLD_BYTES) body.pause();
      return;
    }
    if (this.replayable && body.heldBytes > this.runtime.limits.replayBytes) this.dropHeld();
    if (!attempt.write(chunk)) body.pause();
  }

  /** The body has ended. */
  end(): void {
    this.mirrors?.end(this.body.trailers);
    this.attempt?.end(this.body.trailers);
  }

  cancel(): void {
    this.attempt?.cancel();
  }

  /** The client takes bytes again. */
  resume(): void {
    this.attempt?.resume();
  }

  /** Nothing is tried again. */
  stop(): void {
    this.over = true;
    clearTimeout(this.backoff);
    clearTimeout(this.timeout);
  }

  private dropHeld(): void {
    this.body.drop();
    this.replayable = false;
  }

  onInformational(status: number, headers: HeaderList): void {
    this.owner.onInformational(status, headers);
  }

  onUpstreamWritable(): void {
    this.body.resume();
  }

  onResponse(head: ResponseHead): void {
    if (this.canRetry() && retriesStatus(this.policy, head.status, headerOf(head.headers, 'grpc-status'))) {
      this.attempt?.cancel();
      this.retry();
      return;
    }
    this.dropHeld();
    this.serviceMs = performance.now() - this.sentAt;
    this.responded = true;
    this.owner.onAnswer(head);
  }

  onTunnel(head: ResponseHead): void {
    this.dropHeld();
    this.responded = true;
    clearTimeout(this.timeout);
    this.owner.onTunnel(head);
  }

  onResponseData(chunk: Buffer): boolean {
    return this.owner.onAnswerData(chunk);
  }

  onResponseEnd(trailers: HeaderList): void {
    this.owner.onAnswerEnd(trailers);
  }

  onFault(fault: AttemptFault): void {
    if (this.responded) {
      this.owner.onCut(fault.kind === 'protocol-error' ? 'UPE' : 'UC', fault.detail);
      return;
    }
    // A kept connection that the destination closed as the request went out: nobody has seen the request.
    const stale = fault.kind === 'stale-connection' && this.replayable && isIdempotent(this.head.method);
    if (stale || (this.canRetry() && retriesFault(this.policy, fault.kind))) this.retry(stale);
    else this.owner.onFailed(fault.kind === 'per-try-timeout' ? TIMEOUT_ANSWER : faultAnswer(fault), fault.detail);
  }

  private canRetry(): boolean {
    return this.replayable && !this.responded && this.attempts <= this.policy.attempts;
  }

  private retry(atOnce = false): void {
    this.runtime.stats.retries++;
    this.attempt = undefined;
    const wait = atOnce ? 0 : backoff(this.policy, this.attempts, Math.random());
    this.backoff = this.later(wait, () => this.tryOnce());
  }

  onBug(error: unknown): void {
    this.owner.onBug(error);
  }

  private later(ms: number, run: () => void): NodeJS.Timeout {
    return setTimeout(() => guard(run, (error) => this.onBug(error)), ms);
  }

  private onTimeout(): void {
    this.attempt?.cancel();
    if (this.responded) this.owner.onCut('UT', '');
    else this.owner.onFailed(TIMEOUT_ANSWER, 'timeout of the route');
  }

  /** `x-envoy-upstream-service-time`. */
  get serviceTime(): number {
    return Math.round(this.serviceMs ?? 0);
  }

  /** For the record. */
  sent(): NonNullable<ExchangeRecord['upstream']> {
    const { outgoing, target, attempts, serviceMs } = this;
    const { path, authority, headers } = outgoing;
    return {
      address: target.endpoint.address,
      path,
      authority,
      headers,
      attempts,
      ...(serviceMs === undefined ? {} : { serviceMs }),
    };
  }
}

function deliveryOf({ route: { action } }: Forwarded): Delivery | undefined {
  return action.kind === 'forward' ? action.delivery : undefined;
}

/** Methods that may be sent twice (RFC 9110 9.2.2). */
const isIdempotent = (method: string) => !(method === 'POST' || method === 'PATCH' || method === 'CONNECT');
