// Which of several endpoints of one destination takes a request, and whether it may: hash policies, circuit breakers and
// outlier ejection of a DestinationRule, as Envoy's cluster does (source/common/upstream/, conn_pool_base.cc).

import type { Delivery } from '../model/index.js';
import type { Endpoint, OpenOptions } from './endpoint.js';
import type {
  HeaderList,
  OutgoingRequest,
  ResponseEvents,
  ResponseHead,
  UpstreamFault,
  UpstreamStream,
} from './message.js';

interface Member {
  readonly endpoint: Endpoint;
  active: number;
  failures: number;
  gatewayFailures: number;
  ejections: number;
  /** Ms since the process began. */
  ejectedUntil: number;
}

/** Requests that wait for a connection where nothing says how many may: Envoy's default. */
const MAX_PENDING = 1_024;

/** One endpoint without limits needs no balancing and is used as it is. */
export function balanced(endpoints: readonly Endpoint[]): Endpoint {
  const members: Member[] = endpoints.map((endpoint) => ({
    endpoint,
    active: 0,
    failures: 0,
    gatewayFailures: 0,
    ejections: 0,
    ejectedUntil: 0,
  }));
  const waiting: Balanced[] = [];
  let turn = 0;
  let active = 0;

  const choose = (hash: number | undefined): Member | undefined => {
    const now = performance.now();
    const healthy = members.filter((m) => m.ejectedUntil <= now);
    if (healthy.length <= 1) return healthy[0];
    if (hash === undefined) return healthy[turn++ % healthy.length];
    return rendezvous(healthy, hash);
  };

  const pool: Pool = {
    begin(stream) {
      active++;
      const member = choose(stream.hash);
      if (member === undefined) stream.fail({ kind: 'no-healthy-upstream', detail: 'every endpoint is ejected' });
      else stream.run(member);
    },
    done() {
      active--;
      waiting.shift()?.start();
    },
    mayEject(maxPercent) {
      const now = performance.now();
      const ejected = members.filter((m) => m.ejectedUntil > now).length;
      return ejected < Math.max(1, Math.floor((members.length * maxPercent) / 100));
    },
  };

  return {
    address: endpoints.map((e) => e.address).join(','),
    ...(endpoints[0]?.bytes ? { bytes: endpoints[0].bytes } : {}),
    get openConnections() {
      return endpoints.reduce((sum, e) => sum + e.openConnections, 0);
    },
    open(request, events, options = {}) {
      const { limits } = options.delivery ?? {};
      const [only] = members;
      if (members.length === 1 && only && limits === undefined && options.delivery?.ejection === undefined)
        return only.endpoint.open(request, events);
      const stream = new Balanced(pool, request, events, options);
      const most = Math.min(
        limits?.maxConnections ?? Number.POSITIVE_INFINITY,
        limits?.maxRequests ?? Number.POSITIVE_INFINITY,
      );
      if (active < most) stream.start();
      else if (waiting.length < (limits?.maxPending ?? MAX_PENDING)) waiting.push(stream);
      else stream.fail({ kind: 'overflow', detail: 'circuit breaker of the destination' });
      return stream;
    },
    close() {
      for (const { endpoint } of members) endpoint.close();
    },
  };
}

/** The same key takes the same endpoint, and one endpoint less moves its keys only (highest random weight). */
function rendezvous(members: readonly Member[], hash: number): Member | undefined {
  let best: Member | undefined;
  let most = -1;
  for (const member of members) {
    const weight = hashOf(`${hash} ${member.endpoint.address}`);
    if (weight > most) [best, most] = [member, weight];
  }
  return best;
}

/** FNV-1a, 32 bits, with a final mix. */
export function hashOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}

interface Pool {
  begin(stream: Balanced): void;
  done(): void;
  mayEject(maxPercent: number): boolean;
}

/** A request that may have to wait for its endpoint; counts what became of it. */
class Balanced implements UpstreamStream, ResponseEvents {
  readonly hash: number | undefined;
  private readonly pool: Pool;
  private readonly request: OutgoingRequest;
  private readonly ejection: Delivery['ejection'];
  private events: ResponseEvents | undefined;
  private member: Member | undefined;
  private stream: UpstreamStream | undefined;
  private started = false;
  private held: Buffer[] = [];
  private ended: HeaderList | undefined;

  constructor(pool: Pool, request: OutgoingRequest, events: ResponseEvents, options: OpenOptions) {
    this.pool = pool;
    this.request = request;
    this.events = events;
    this.hash = options.hash;
    this.ejection = options.delivery?.ejection;
  }

  start(): void {
    this.started = true;
    if (this.events === undefined) {
      this.pool.done();
      return;
    }
    this.pool.begin(this);
  }

  run(member: Member): void {
    this.member = member;
    member.active++;
    const stream = member.endpoint.open(this.request, this);
    this.stream = stream;
    for (const chunk of this.held.splice(0)) stream.write(chunk);
    if (this.ended !== undefined) stream.end(this.ended);
    else this.events?.onUpstreamWritable();
  }

  /** Told in a turn of its own: `open` has not returned yet. */
  fail(fault: UpstreamFault): void {
    process.nextTick(() => {
      const { events } = this;
      this.close();
      events?.onFault(fault);
    });
  }

  private close(): void {
    this.events = undefined;
    const { member } = this;
    this.member = undefined;
    if (member !== undefined) member.active--;
    if (this.started) {
      this.started = false;
      this.pool.done();
    }
  }

  /** Envoy counts a failed connection and a reset as a gateway error too (outlier_detection_impl.cc, putResult). */
  private count(status: number): void {
    const { member, ejection } = this;
    if (member === undefined || ejection === undefined) return;
    member.failures = status >= 500 ? member.failures + 1 : 0;
    member.gatewayFailures = status >= 502 && status <= 504 ? member.gatewayFailures + 1 : 0;
    const tooMany =
      member.failures >= (ejection.consecutive5xx ?? Number.POSITIVE_INFINITY) ||
      member.gatewayFailures >= (ejection.consecutiveGatewayErrors ?? Number.POSITIVE_INFINITY);
    if (!tooMany || !this.pool.mayEject(ejection.maxPercent)) return;
    member.failures = 0;
    member.gatewayFailures = 0;
    member.ejections++;
    member.ejectedUntil = performance.now() + ejection.baseMs * member.ejections;
  }

  write(chunk: Buffer): boolean {
    if (this.stream !== undefined) return this.stream.write(chunk);
    this.held.push(chunk);
    return false;
  }

  end(trailers: HeaderList): void {
    this.ended = trailers;
    this.stream?.end(trailers);
  }

  cancel(): void {
    const { stream } = this;
    this.close();
    stream?.cancel();
  }

  pauseResponse(): void {
    this.stream?.pauseResponse();
  }

  resumeResponse(): void {
    this.stream?.resumeResponse();
  }

  onInformational(status: number, headers: HeaderList): void {
    this.events?.onInformational(status, headers);
  }

  onResponse(head: ResponseHead): void {
    this.count(head.status);
    this.events?.onResponse(head);
  }

  onTunnel(head: ResponseHead): void {
    this.count(head.status);
    this.events?.onTunnel(head);
  }

  onResponseData(chunk: Buffer): void {
    this.events?.onResponseData(chunk);
  }

  onResponseEnd(trailers: HeaderList): void {
    const { events } = this;
    this.close();
    events?.onResponseEnd(trailers);
  }

  onFault(fault: UpstreamFault): void {
    this.count(503);
    const { events } = this;
    this.close();
    events?.onFault(fault);
  }

  onUpstreamWritable(): void {
    this.events?.onUpstreamWritable();
  }
}
