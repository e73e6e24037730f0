// The life of one request: decided, delayed, answered here or forwarded, recorded. Knows no HTTP version: clients and
// destinations are streams.

import type { TokenOutcome } from '../model/index.js';
import { type Decision, decide, type Forwarded, type HeaderEdit, setCookies } from '../simulate/index.js';
import { chainChoice } from './chain-choice.js';
import type { ExchangeRecord } from './exchange-record.js';
import type { FaultAnswer } from './faults.js';
import { Forwarding, type ForwardingOwner } from './forwarding.js';
import { markAnswer } from './gateway-headers.js';
import { GuardedEvents, guard } from './guard.js';
import { sessionValue } from './hash-policy.js';
import { applyEdits, headerOf } from './header-list.js';
import type { ClientStream, HeaderList, RequestEvents, RequestHead, ResponseHead } from './message.js';
import { outgoingRequest } from './outgoing-request.js';
import { HOLD_BYTES, RequestBody } from './request-body.js';
import { RequestInput } from './request-input.js';
import type { ActiveConfig, Arrival, Runtime } from './runtime.js';

const NO_HEADERS: HeaderList = [];

export function startExchange(
  runtime: Runtime,
  arrival: Arrival,
  client: ClientStream,
  head: RequestHead,
): RequestEvents {
  const exchange = new Exchange(runtime, arrival, client, head);
  const onBug = (error: unknown) => exchange.onBug(error);
  guard(() => exchange.start(), onBug);
  return new GuardedEvents(exchange, onBug);
}

class Exchange implements RequestEvents, ForwardingOwner {
  private readonly runtime: Runtime;
  private readonly config: ActiveConfig;
  private readonly arrival: Arrival;
  private readonly client: ClientStream;
  private readonly head: RequestHead;
  private readonly body: RequestBody;
  private readonly startedAt = performance.now();
  private decision: Decision | undefined;
  private forwarding: Forwarding | undefined;

  private responded = false;
  private finished = false;
  private tunnel = false;
  private status = 0;
  private flags = '';
  private detail = '';
  private bytesReceived = 0;
  private mostBytes = Number.POSITIVE_INFINITY;
  /** What is done when the body is whole, where nothing is done before (Envoy's buffer filter). */
  private waiting: Decision | undefined;
  private bytesSent = 0;
  private responseHeaders: HeaderList = NO_HEADERS;
  private delay: NodeJS.Timeout | undefined;

  constructor(runtime: Runtime, arrival: Arrival, client: ClientStream, head: RequestHead) {
    this.runtime = runtime;
    this.config = runtime.config;
    this.arrival = arrival;
    this.client = client;
    this.head = head;
    this.body = new RequestBody(client);
  }

  start(): void {
    const { runtime, config, arrival, head } = this;
    runtime.stats.active++;
    if (runtime.loop.isOwnRequest(head.headers)) {
      this.detail = `a request that this gateway sent to an upstream came back on its own port ${arrival.port}: an --upstream leads to serve itself`;
      this.answer(508, `meshgw: ${this.detail}\n`, '', ['content-type', 'text/plain']);
      return;
    }
    if (head.method === 'CONNECT' || head.target === '*') {
      this.answer(404, '', 'NR', []);
      return;
    }
    const { connection } = chainChoice(runtime, config, arrival).context;
    const input = new RequestInput(head, arrival);
    const rules = connection.kind === 'http' ? connection.chain.policies?.authentication : undefined;
    if (rules === undefined || rules.length === 0 || runtime.checkTokens === undefined) {
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
    const { context } = chainChoice(runtime, config, arrival);
    const decision = decide(config.compiled, input, token === undefined ? context : { ...context, token });
    this.decision = decision;
    if (decision.kind !== 'answer' && decision.kind !== 'forward') {
      this.client.abort();
      this.finish();
      return;
    }
    this.mostBytes = decision.mostBytes ?? Number.POSITIVE_INFINITY;
    // nginx trusts Content-Length, Envoy counts: what is answered is the same.
    if (typeof this.head.body === 'number' && this.head.body > this.mostBytes) {
      this.tooLarge();
      return;
    }
    this.flags = decision.flags ?? '';
    if (decision.delayMs === undefined || decision.delayMs <= 0) {
      this.act(decision);
      return;
    }
    this.delay = setTimeout(() => this.guard(() => this.act(decision)), decision.delayMs);
  }

  /** A bug in a decision costs one request, not the gateway: it is logged with its stack, and answered 500. */
  private guard(run: () => void): void {
    guard(run, (error) => this.onBug(error));
  }

  onBug(error: unknown): void {
    this.runtime.onBug(error);
    if (this.finished) return;
    try {
      this.forwarding?.cancel();
      if (!this.responded) this.answer(500, '', '', []);
      else this.client.abort();
    } catch (again) {
      this.runtime.onBug(again);
      this.client.abort();
    }
    this.finish();
  }

  private act(decision: Decision): void {
    if (this.finished) return;
    const { head } = this;
    if (this.holdsBody && !this.body.ended) {
      this.waiting = decision;
      if (head.expectsContinue) this.client.informational(100, NO_HEADERS);
      this.body.resume();
      return;
    }
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
    markAnswer(headers, this.config.compiled.engine, this.runtime.clock);
    const bytes = Buffer.from(body);
    this.responded = true;
    this.status = status;
    this.responseHeaders = headers;
    // Envoy ends a connection on which nonsense came (fixtures/serve/hardening: `%00 in target`).
    const last = this.decision?.kind === 'answer' && this.decision.cause === 'bad-request';
    this.client.respond({ status, headers, body: bytes.length, mayTrail: false, last });
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

  /** Envoy's buffer filter lets nothing through before the body is whole. */
  private get holdsBody(): boolean {
    return (
      this.config.compiled.engine.wire.holdsLimitedBodies &&
      this.mostBytes !== Number.POSITIVE_INFINITY &&
      this.head.body !== 'none' &&
      this.head.upgrade === undefined
    );
  }

  private forward(decision: Forwarded): void {
    const { head, arrival, config, runtime } = this;
    const { engine } = config.compiled;
    if (head.upgrade !== undefined && engine.wire.upgrades?.includes(head.upgrade.toLowerCase()) === false) {
      this.answer(403, '', '', []);
      return;
    }
    const sent = outgoingRequest(decision, head, arrival, engine);
    // A body that was held has a length (maybeAddContentLength of Envoy's buffer_filter.cc), unless trailers come behind it.
    const held = this.waiting !== undefined && this.body.trailers.length === 0;
    const outgoing = held ? { ...sent, body: this.body.heldBytes } : sent;
    if (head.expectsContinue && head.body !== 'none' && !this.waiting) this.client.informational(100, NO_HEADERS);
    this.forwarding = new Forwarding(this, { runtime, config, head, body: this.body, arrival, decision, outgoing });
    this.forwarding.start();
  }

  /** nginx's `client_max_body_size`, Envoy's buffer filter. */
  private tooLarge(): void {
    this.forwarding?.cancel();
    const { decision, config } = this;
    const { tooLarge, wire } = config.compiled.engine;
    const edits = wire.editsTooLarge && decision?.kind === 'forward' ? decision.responseHeaders : [];
    this.answerUndecided(tooLarge, '', edits);
  }

  onRequestData(chunk: Buffer): void {
    if (this.finished && !this.tunnel) return;
    this.bytesReceived += chunk.length;
    if (this.bytesReceived > this.mostBytes && !this.responded) {
      this.tooLarge();
      return;
    }
    if (this.forwarding !== undefined) this.forwarding.write(chunk);
    else {
      this.body.hold(chunk);
      if (this.body.heldBytes > HOLD_BYTES && this.waiting === undefined) this.body.pause();
    }
  }

  onRequestEnd(trailers: HeaderList): void {
    this.body.end(trailers);
    const { waiting } = this;
    if (waiting === undefined) this.forwarding?.end();
    else this.guard(() => this.act(waiting));
  }

  onClientWritable(): void {
    this.forwarding?.resume();
  }

  onClientGone(): void {
    this.forwarding?.cancel();
    if (this.finished) return;
    this.flag('DC');
    this.finish();
  }

  onInformational(status: number, headers: HeaderList): void {
    this.client.informational(status, headers);
  }

  onAnswer(head: ResponseHead): void {
    const headers = this.finalHeaders(head);
    this.responded = true;
    const { status, body, mayTrail } = head;
    this.client.respond({ status, headers, body, mayTrail, last: false });
  }

  private finalHeaders({ headers, status }: ResponseHead): HeaderList {
    const { engine } = this.config.compiled;
    if (this.decision?.kind === 'forward') {
      const { sessionCookies, responseHeaders } = this.decision;
      if (sessionCookies) applyEdits(headers, setCookies(sessionCookies, sessionValue(this.arrival)));
      applyEdits(headers, responseHeaders, status);
    }
    markAnswer(headers, engine, this.runtime.clock);
    const { serviceTimeHeader } = engine.wire;
    if (serviceTimeHeader) headers.push(serviceTimeHeader, String(this.forwarding?.serviceTime ?? 0));
    this.status = status;
    this.responseHeaders = headers;
    return headers;
  }

  onTunnel(head: ResponseHead): void {
    this.tunnel = true;
    this.responded = true;
    this.client.startTunnel({ ...head, headers: this.finalHeaders(head) });
  }

  onAnswerData(chunk: Buffer): boolean {
    this.bytesSent += chunk.length;
    return this.client.write(chunk);
  }

  onAnswerEnd(trailers: HeaderList): void {
    this.client.end(trailers);
    this.finish();
  }

  onCut(flag: string, detail: string): void {
    if (detail !== '') this.detail = detail;
    this.client.abort();
    this.flag(flag);
    this.finish();
  }

  onFailed(answer: FaultAnswer, detail: string): void {
    this.detail = detail;
    this.answerUndecided(answer, answer.flag, this.decision?.kind === 'forward' ? this.decision.responseHeaders : []);
  }

  /** An answer for what happened on the way to the destination: in the form of gRPC for its clients, as every answer of the gateway. */
  private answerUndecided(
    { status, body }: { readonly status: number; readonly body: string },
    flag: string,
    responseHeaders: readonly HeaderEdit[],
  ): void {
    const { decision, config, head } = this;
    const plain = { status, body, responseHeaders };
    const told =
      decision?.kind === 'forward' &&
      config.compiled.engine.answerFor?.(headerOf(head.headers, 'content-type'), {
        ...{ kind: 'answer', cause: 'missing-destination', listener: decision.listener, chain: decision.chain },
        ...plain,
      });
    const answer = told || plain;
    const headers: HeaderList = answer.body === '' ? [] : ['content-type', 'text/plain'];
    applyEdits(headers, answer.responseHeaders, answer.status);
    this.answer(answer.status, answer.body, flag, headers);
  }

  private finish(): void {
    if (this.finished) return;
    this.finished = true;
    if (this.delay !== undefined) clearTimeout(this.delay);
    this.forwarding?.stop();
    this.body.drop();
    const { runtime } = this;
    const durationMs = performance.now() - this.startedAt;
    runtime.stats.active--;
    runtime.stats.count(this.forwarding?.destination ?? '', this.status, this.flags, durationMs);
    runtime.onExchange?.(this.record(durationMs));
  }

  private record(durationMs: number): ExchangeRecord {
    const { arrival, decision, forwarding } = this;
    return {
      startedAt: Date.now() - durationMs,
      durationMs,
      port: arrival.port,
      scheme: arrival.tls ? 'https' : 'http',
      sni: arrival.sni,
      source: arrival.source,
      request: this.head,
      status: this.status,
      flags: this.flags,
      detail: this.detail,
      bytesReceived: this.bytesReceived,
      bytesSent: this.bytesSent,
      ...(decision === undefined ? {} : { decision }),
      ...(forwarding === undefined ? {} : { upstream: forwarding.sent() }),
      responseHeaders: this.responseHeaders,
    };
  }
}
