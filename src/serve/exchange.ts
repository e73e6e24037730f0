// The life of one request: decided, delayed, forwarded, tried again, answered, recorded. Knows no HTTP version: clients
// and destinations are streams. Long, because every event of either side meets every state here, and nowhere else.

import type { TokenOutcome } from '../model/index.js';
import { type Decision, decide, type Forwarded, selectChain } from '../simulate/index.js';
import { Attempt, type AttemptOwner } from './attempt.js';
import type { Endpoint, OpenOptions } from './endpoint.js';
import { destinationName } from './endpoint.js';
import { type FaultAnswer, faultAnswer, TIMEOUT_ANSWER } from './faults.js';
import { markAnswer } from './gateway-headers.js';
import { openOptions } from './hash-policy.js';
import { applyEdits, headerOf } from './header-list.js';
import type {
  ClientStream,
  HeaderList,
  OutgoingRequest,
  RequestEvents,
  RequestHead,
  ResponseHead,
  UpstreamFault,
} from './message.js';
import { type MirrorCopies, startMirrors } from './mirrors.js';
import { outgoingRequest } from './outgoing-request.js';
import { RequestInput } from './request-input.js';
import { backoff, type RetryPolicy, retriesFault, retriesStatus, retryPolicy } from './retry-policy.js';
import type { ActiveConfig, Arrival, Runtime } from './runtime.js';

/** Waiting bytes of a request's body that stop the client. */
const HOLD_BYTES = 65_536;
const NO_HEADERS: HeaderList = [];

export function startExchange(
  runtime: Runtime,
  arrival: Arrival,
  client: ClientStream,
  head: RequestHead,
): RequestEvents {
  const exchange = new Exchange(runtime, arrival, client, head);
  exchange.guard(() => exchange.start());
  return exchange;
}

class Exchange implements RequestEvents, AttemptOwner {
  private readonly runtime: Runtime;
  private readonly config: ActiveConfig;
  private readonly arrival: Arrival;
  private readonly client: ClientStream;
  private readonly head: RequestHead;
  private readonly startedAt = performance.now();
  private decision: Decision | undefined;
  private destination = '';

  private endpoint: Endpoint | undefined;
  private outgoing: OutgoingRequest | undefined;
  private policy: RetryPolicy | undefined;
  private options: OpenOptions = {};
  private attempt: Attempt | undefined;
  private attempts = 0;
  private sentAt = 0;
  private mirrors: MirrorCopies | undefined;

  /** The request's body: all of it while another attempt may need it, else what waits for the first attempt. */
  private held: Buffer[] = [];
  private heldBytes = 0;
  private replayable = false;
  private requestEnded = false;
  private trailers: HeaderList = NO_HEADERS;

  private responded = false;
  private finished = false;
  private tunnel = false;
  private clientPaused = false;
  private status = 0;
  private flags = '';
  private detail = '';
  private bytesReceived = 0;
  private mostBytes = Number.POSITIVE_INFINITY;
  private bytesSent = 0;
  private serviceMs: number | undefined;
  private responseHeaders: HeaderList = NO_HEADERS;
  private timer: NodeJS.Timeout | undefined;
  private timeout: NodeJS.Timeout | undefined;

  constructor(runtime: Runtime, arrival: Arrival, client: ClientStream, head: RequestHead) {
    this.runtime = runtime;
    this.config = runtime.config;
    this.arrival = arrival;
    this.client = client;
    this.head = head;
  }

  start(): void {
    const { runtime, config, arrival, head } = this;
    runtime.stats.active++;
    if (head.method === 'CONNECT' || head.target === '*') {
      this.answer(404, '', 'NR', []);
      return;
    }
    if (arrival.chosen.config !== config) {
      const transport = arrival.tls ? 'tls' : 'raw';
      const { port, sni, source } = arrival;
      arrival.chosen = { config, connection: selectChain(config.compiled, { port, transport, sni, source }) };
    }
    const { connection } = arrival.chosen;
    const input = new RequestInput(head, arrival);
    const rules = connection.kind === 'http' ? (connection.chain.policies?.authentication ?? []) : [];
    if (rules.length === 0 || runtime.checkTokens === undefined) {
      this.decideOn(input, undefined);
      return;
    }
    runtime.checkTokens(rules, input, Date.now()).then(
      (token) => this.guard(() => this.decideOn(input, token)),
      (error: unknown) => this.onBug(error),
    );
  }

  private decideOn(input: RequestInput, token: TokenOutcome | undefined): void {
    if (this.finished) return;
    const { runtime, config, arrival } = this;
    const { draw, takeToken } = runtime;
    const context = { draw, takeToken, connection: arrival.chosen.connection };
    const decision = decide(config.compiled, input, token === undefined ? context : { ...context, token });
    this.decision = decision;
    if (decision.kind !== 'answer' && decision.kind !== 'forward') {
      this.client.abort();
      this.finish();
      return;
    }
    this.mostBytes = decision.route?.maxRequestBytes ?? Number.POSITIVE_INFINITY;
    if (typeof this.head.body === 'number' && this.head.body > this.mostBytes) {
      this.tooLarge();
      return;
    }
    this.flags = decision.flags ?? '';
    if (decision.delayMs === undefined || decision.delayMs <= 0) {
      this.act(decision);
      return;
    }
    this.timer = setTimeout(() => this.guard(() => this.act(decision)), decision.delayMs);
  }

  /** A bug in a decision costs one request, not the gateway: it is told with its stack, and answered 500. */
  guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.onBug(error);
    }
  }

  private onBug(error: unknown): void {
    this.runtime.onBug(error);
    if (this.finished) return;
    if (this.responded) {
      this.client.abort();
      this.finish();
    } else this.answer(500, '', '', []);
  }

  private act(decision: Decision): void {
    if (this.finished) return;
    if (decision.kind === 'forward') this.forward(decision);
    else if (decision.kind === 'answer') {
      const headers: HeaderList = [];
      if (decision.body !== '')
        headers.push('content-type', decision.body.startsWith('<') ? 'text/html' : 'text/plain');
      applyEdits(headers, decision.responseHeaders, decision.status);
      this.answer(decision.status, decision.body, '', headers);
    }
  }

  /** Answers without a destination. */
  private answer(status: number, body: string, flag: string, headers: HeaderList): void {
    this.flag(flag);
    markAnswer(headers, this.config.engine, this.runtime.clock);
    const bytes = Buffer.from(body);
    this.responded = true;
    this.status = status;
    this.responseHeaders = headers;
    // Envoy ends a connection on which nonsense came (fixtures/serve/hardening: `%00 in target`).
    const last = this.decision?.kind === 'answer' && this.decision.cause === 'bad-request';
    this.client.respond({ status, headers, body: bytes.length, last });
    if (bytes.length > 0 && this.head.method !== 'HEAD') {
      this.bytesSent += bytes.length;
      this.client.write(bytes);
    }
    this.client.end(NO_HEADERS);
    this.finish();
  }

  private flag(flag: string): void {
    if (flag !== '') this.flags = this.flags === '' ? flag : `${this.flags},${flag}`;
  }

  private forward(decision: Forwarded): void {
    const { head, arrival, config } = this;
    if (head.upgrade !== undefined && config.engine === 'envoy' && head.upgrade.toLowerCase() !== 'websocket') {
      // Istio enables `websocket` only (pilot/pkg/networking/core/listener.go, upgrade_configs); Envoy answers 403 to others.
      this.answer(403, '', '', []);
      return;
    }
    const { destination } = decision;
    const outgoing = outgoingRequest(decision, head, arrival, config.engine);
    this.outgoing = outgoing;
    this.destination = destinationName(destination);
    this.endpoint = config.targets.of(destination);
    const { action } = decision.route;
    const delivery = action.kind === 'forward' ? action.delivery : undefined;
    if (delivery !== undefined) this.options = openOptions(delivery, head, outgoing.headers, arrival.source);
    this.policy = retryPolicy(delivery, config.engine);
    this.replayable = head.upgrade === undefined;
    if (head.expectsContinue && head.body !== 'none') this.client.informational(100, NO_HEADERS);
    if (decision.mirrors.length > 0)
      this.mirrors = startMirrors(this.runtime, config, decision.mirrors, outgoing, this.held);
    const limit = delivery?.timeoutMs ?? 0;
    if (limit > 0) this.timeout = setTimeout(() => this.onTimeout(), limit);
    this.tryOnce();
    if (this.requestEnded) this.mirrors?.end(this.trailers);
  }

  /** nginx's `client_max_body_size`. */
  private tooLarge(): void {
    this.attempt?.cancel();
    this.answer(413, '', '', []);
  }

  private tryOnce(): void {
    const { endpoint, outgoing, policy } = this;
    if (endpoint === undefined || outgoing === undefined || policy === undefined || this.finished) return;
    this.attempts++;
    this.sentAt = performance.now();
    const attempt = new Attempt(this);
    this.attempt = attempt;
    attempt.begin(endpoint, outgoing, policy.perTryMs, this.options);
    let room = true;
    for (const chunk of this.held) room = attempt.write(chunk) && room;
    if (!this.replayable) this.dropHeld();
    if (this.requestEnded) attempt.end(this.trailers);
    if (!room) this.pauseClient();
    else this.resumeClient();
  }

  private dropHeld(): void {
    this.held = [];
    this.heldBytes = 0;
    this.replayable = false;
  }

  onRequestData(chunk: Buffer): void {
    if (this.finished && !this.tunnel) return;
    this.bytesReceived += chunk.length;
    if (this.bytesReceived > this.mostBytes && !this.responded) {
      this.tooLarge();
      return;
    }
    const { attempt } = this;
    if (attempt === undefined || this.replayable) {
      this.held.push(chunk);
      this.heldBytes += chunk.length;
    }
    this.mirrors?.write(chunk);
    if (attempt === undefined) {
      if (this.heldBytes > HOLD_BYTES) this.pauseClient();
      return;
    }
    if (this.replayable && this.heldBytes > this.runtime.limits.replayBytes) this.dropHeld();
    if (!attempt.write(chunk)) this.pauseClient();
  }

  onRequestEnd(trailers: HeaderList): void {
    this.requestEnded = true;
    this.trailers = trailers;
    this.mirrors?.end(trailers);
    this.attempt?.end(trailers);
  }

  onClientWritable(): void {
    this.attempt?.resume();
  }

  onClientGone(): void {
    this.attempt?.cancel();
    if (this.finished) return;
    this.flag('DC');
    this.finish();
  }

  onUpstreamWritable(): void {
    this.resumeClient();
  }

  private pauseClient(): void {
    this.clientPaused = true;
    this.client.pauseRequest();
  }

  private resumeClient(): void {
    if (!this.clientPaused) return;
    this.clientPaused = false;
    this.client.resumeRequest();
  }

  onInformational(status: number, headers: HeaderList): void {
    this.client.informational(status, headers);
  }

  onResponse(head: ResponseHead): void {
    const { policy, decision } = this;
    if (this.canRetry() && policy && retriesStatus(policy, head.status, headerOf(head.headers, 'grpc-status'))) {
      this.attempt?.cancel();
      this.retry();
      return;
    }
    this.dropHeld();
    this.serviceMs = performance.now() - this.sentAt;
    const headers = this.finalHeaders(head, decision as Forwarded);
    this.responded = true;
    this.client.respond({ status: head.status, headers, body: head.body });
  }

  private finalHeaders(head: ResponseHead, decision: Forwarded): HeaderList {
    const { headers, status } = head;
    applyEdits(headers, decision.responseHeaders, status);
    markAnswer(headers, this.config.engine, this.runtime.clock);
    if (this.config.engine === 'envoy')
      headers.push('x-envoy-upstream-service-time', String(Math.round(this.serviceMs ?? 0)));
    this.status = status;
    this.responseHeaders = headers;
    return headers;
  }

  onTunnel(head: ResponseHead): void {
    this.dropHeld();
    this.tunnel = true;
    this.responded = true;
    clearTimeout(this.timeout);
    this.client.startTunnel({ ...head, headers: this.finalHeaders(head, this.decision as Forwarded) });
  }

  onResponseData(chunk: Buffer): boolean {
    this.bytesSent += chunk.length;
    return this.client.write(chunk);
  }

  onResponseEnd(trailers: HeaderList): void {
    this.client.end(trailers);
    this.finish();
  }

  onFault(fault: UpstreamFault | { readonly kind: 'per-try-timeout'; readonly detail: string }): void {
    this.detail = fault.detail;
    if (this.responded) {
      this.client.abort();
      this.flag(fault.kind === 'protocol-error' ? 'UPE' : 'UC');
      this.finish();
      return;
    }
    const { policy } = this;
    // A kept connection that the destination closed as the request went out: nobody has seen the request.
    const stale = fault.kind === 'stale-connection' && this.replayable && isIdempotent(this.head.method);
    if (stale || (this.canRetry() && policy && retriesFault(policy, fault.kind))) {
      this.retry(stale);
      return;
    }
    this.fail(fault.kind === 'per-try-timeout' ? TIMEOUT_ANSWER : faultAnswer(fault));
  }

  private canRetry(): boolean {
    return this.replayable && !this.responded && this.policy !== undefined && this.attempts <= this.policy.attempts;
  }

  private retry(atOnce = false): void {
    this.runtime.stats.retries++;
    this.attempt = undefined;
    const wait = atOnce || this.policy === undefined ? 0 : backoff(this.policy, this.attempts, Math.random());
    this.timer = setTimeout(() => this.tryOnce(), wait);
  }

  private onTimeout(): void {
    this.attempt?.cancel();
    if (this.responded) {
      this.client.abort();
      this.flag('UT');
      this.finish();
      return;
    }
    this.detail = 'timeout of the route';
    this.fail(TIMEOUT_ANSWER);
  }

  private fail(answer: FaultAnswer): void {
    const headers: HeaderList = answer.body === '' ? [] : ['content-type', 'text/plain'];
    if (this.decision?.kind === 'forward') applyEdits(headers, this.decision.responseHeaders, answer.status);
    this.answer(answer.status, answer.body, answer.flag, headers);
  }

  private finish(): void {
    if (this.finished) return;
    this.finished = true;
    clearTimeout(this.timer);
    clearTimeout(this.timeout);
    this.held = [];
    const { runtime, head, arrival, outgoing, endpoint } = this;
    const durationMs = performance.now() - this.startedAt;
    runtime.stats.active--;
    runtime.stats.count(this.destination, this.status, this.flags, durationMs);
    runtime.onExchange?.({
      startedAt: Date.now() - durationMs,
      durationMs,
      port: arrival.port,
      scheme: arrival.tls ? 'https' : 'http',
      sni: arrival.sni,
      source: arrival.source,
      request: head,
      status: this.status,
      flags: this.flags,
      detail: this.detail,
      bytesReceived: this.bytesReceived,
      bytesSent: this.bytesSent,
      ...(this.decision === undefined ? {} : { decision: this.decision }),
      ...(outgoing === undefined || endpoint === undefined
        ? {}
        : {
            upstream: {
              address: endpoint.address,
              path: outgoing.path,
              authority: outgoing.authority,
              headers: outgoing.headers,
              attempts: this.attempts,
              ...(this.serviceMs === undefined ? {} : { serviceMs: this.serviceMs }),
            },
          }),
      responseHeaders: this.responseHeaders,
    });
  }
}

/** Methods that may be sent twice (RFC 9110 9.2.2). */
const isIdempotent = (method: string) => !(method === 'POST' || method === 'PATCH' || method === 'CONNECT');
