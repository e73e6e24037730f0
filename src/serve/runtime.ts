// What every exchange of a running gateway shares. A reload replaces `config`; exchanges under way keep the one they began with.

import type { GatewayRequest, JwtRule, RateLimit, TokenOutcome } from '../model/index.js';
import type { CompiledGateway, Connection, Draw, decide } from '../simulate/index.js';
import type { Clock } from './clock.js';
import type { ExchangeRecord } from './exchange-record.js';
import type { OnBug } from './guard.js';
import type { Limits } from './limits.js';
import type { LoopGuard } from './loop.js';
import type { Stats } from './stats.js';
import type { Targets } from './targets.js';

/** One configuration, ready to serve. */
export interface ActiveConfig {
  readonly compiled: CompiledGateway;
  readonly targets: Targets;
}

/** What every decision about a request on one connection is given. */
export type ChainContext = NonNullable<Parameters<typeof decide>[2]> & { readonly connection: Connection };

/** The filter chain of a connection, chosen with a configuration. */
export interface ChainChoice {
  readonly config: ActiveConfig;
  readonly context: ChainContext;
}

/** `verifyTokens` of src/tokens. `now` in ms. */
export type TokenCheck = (rules: readonly JwtRule[], request: GatewayRequest, now: number) => Promise<TokenOutcome>;

export interface Runtime {
  config: ActiveConfig;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly stats: Stats;
  readonly draw: Draw;
  /** Buckets of rate limits. */
  readonly takeToken: (limit: RateLimit) => boolean;
  /** Called after each exchange; absent: no record is made. */
  readonly onExchange: ((record: ExchangeRecord) => void) | undefined;
  /** A request was answered before any route could be asked. */
  onRefused(status: number, detail: string, arrival: Arrival): void;
  /** Checks the tokens of a request before it is decided; absent: no token is looked at. */
  readonly checkTokens: TokenCheck | undefined;
  /** An error that nothing expected. Never throws. */
  readonly onBug: OnBug;
  readonly loop: LoopGuard;
  draining: boolean;
}

/** The connection that a request came on. */
export interface Arrival {
  /** Gateway port. */
  readonly port: number;
  readonly tls: boolean;
  readonly sni: string | null;
  readonly source: string;
  /** Value of the session cookies that answers on this connection set; made when the first does. */
  sessionValue?: string;
  /** The filter chain, chosen with `config`; chosen anew after a reload. */
  chosen: ChainChoice;
}
