// A request as a client sends it and the answer that simulate gives: the JSON of contract "meshgw simulate".

/** Input of a decision. `path` includes the query; `host` may carry a port. */
export interface GatewayRequest {
  readonly gateway?: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Absent: the host (https); `null`: none is sent. */
  readonly sni?: string | null;
  readonly body?: string;
  /** Client address. Default 127.0.0.1. */
  readonly source?: string;
  /** RFC 3339; the time for token checks. */
  readonly now?: string;
}

export interface ResultDestination {
  readonly host: string;
  readonly port: number;
  readonly subset?: string;
}

export type SplitOutcome = (ResultDestination | { readonly status: number }) & { readonly weight: number };

export interface UpstreamRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly set?: Readonly<Record<string, string | readonly string[]>>;
  readonly removed?: readonly string[];
  readonly proto?: string;
}

export interface MirroredRequest {
  readonly destination: ResultDestination;
  readonly method: string;
  readonly path: string;
  readonly host: string;
}

/** One step of a decision. `rejected`: the first predicate that failed. */
export interface TraceStep {
  readonly step:
    | 'gateway'
    | 'listener'
    | 'filter-chain'
    | 'policy'
    | 'virtual-host'
    | 'route'
    | 'change'
    | 'destination'
    | 'answer';
  readonly outcome: 'chosen' | 'rejected' | 'applied' | 'info';
  /** One line for a person. */
  readonly text: string;
  /** Of a rejected rule: what was tested, what it wanted, what the request has. */
  readonly predicate?: { readonly on: string; readonly expected: string; readonly got: string | null };
  readonly matched?: MatchedOrigin;
}

/** An origin, located. */
export interface MatchedOrigin {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  readonly resource: string;
  readonly path: string;
}

export interface SimulationResult {
  readonly connection?: 'refused' | 'closed';
  readonly l4?: 'tls' | 'tcp';
  readonly status?: number;
  readonly destination?: ResultDestination | null;
  readonly split?: readonly SplitOutcome[];
  readonly upstream?: UpstreamRequest;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly mirrors?: readonly MirroredRequest[];
  readonly flags?: string;
  readonly route?: string;
  readonly delayMs?: number;
  readonly defaultBackend?: boolean;
  readonly matched?: MatchedOrigin;
  /** Named influences that the files do not hold (rate limits, external authorization). */
  readonly conditions?: readonly string[];
  readonly trace?: readonly TraceStep[];
  /** Why there is no destination, in words: `no server has this host`. */
  readonly reason?: string;
}

/** `https://shop.example.com/cart`: the port only where neither the scheme nor the host says it. */
export function formatUrl({
  scheme,
  host,
  port,
  path,
}: Pick<GatewayRequest, 'scheme' | 'host' | 'port' | 'path'>): string {
  const said = port === (scheme === 'https' ? 443 : 80) || /:\d+$/.test(host);
  return `${scheme}://${host}${said ? '' : `:${port}`}${path}`;
}
