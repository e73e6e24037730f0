// A request as a client sends it and the answer that simulate gives: the JSON of contract "meshgw simulate".

/** `untrusted`: not signed by what the gateway asks for. */
export const CLIENT_CERTIFICATES = ['none', 'good', 'untrusted'] as const;
export type ClientCertificate = (typeof CLIENT_CERTIFICATES)[number];

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
  /** Of a TLS client, where the gateway asks for one. Default `good`. */
  readonly clientCertificate?: ClientCertificate;
  readonly body?: string;
  /** Client address. Default 127.0.0.1. */
  readonly source?: string;
  /** RFC 3339; the time for token checks. */
  readonly now?: string;
}

export interface ResultDestination {
  readonly host: string;
  readonly port: number;
  /** The name of a port whose number is not known, because the files do not hold the Service; `port` is 0 then. */
  readonly portName?: string;
  readonly subset?: string;
  /** The subset asks for no labels, so that all endpoints of the host are in it: to a client, as if none was named. */
  readonly wholeHost?: true;
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

/** Something in the files that can change an answer and is not modelled: an EnvoyFilter with Lua, another vendor's policy. */
export interface UnknownInfluence {
  /** Stable name: `envoyfilter`, `policy.foreign`, `annotation.configuration-snippet`. */
  readonly feature: string;
  readonly message: string;
  readonly origin: MatchedOrigin;
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
  /** What else in the files can change this answer and is not predicted; absent: nothing. */
  readonly unknown?: readonly UnknownInfluence[];
  readonly trace?: readonly TraceStep[];
  /** Why there is no destination, in words: `no server has this host`. */
  readonly reason?: string;
  /** The gateway that answered, where one was chosen for the request. */
  readonly gateway?: string;
  /** What to ask instead, where this gateway knows nothing of the request. */
  readonly hint?: string;
}

/** `https://shop.example.com/cart`: where the request goes, the port only where the scheme does not say it. */
export function formatUrl(request: Pick<GatewayRequest, 'scheme' | 'host' | 'port' | 'path'>): string {
  const { scheme, host, port, path } = request;
  const said = portOfHost(host);
  if (said === port) return `${scheme}://${host}${path}`;
  const name = said === undefined ? host : host.slice(0, host.lastIndexOf(':'));
  return `${scheme}://${name}${port === (scheme === 'https' ? 443 : 80) ? '' : `:${port}`}${path}`;
}

/** The Host header that the URL does not say: one with another port than the request goes to. */
export function unsaidHost({ host, port }: Pick<GatewayRequest, 'host' | 'port'>): string | undefined {
  const said = portOfHost(host);
  return said === undefined || said === port ? undefined : host;
}

const portOfHost = (host: string): number | undefined => {
  const port = /:(\d+)$/.exec(host)?.[1];
  return port === undefined ? undefined : Number(port);
};
