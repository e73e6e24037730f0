// The parts of the model by name: one per field of every node. A writer says of each what becomes of it, so that a new field of the model
// does not compile in a writer that does not.

import type {
  CorsPolicy,
  Delivery,
  Destination,
  DirectResponse,
  Fault,
  Forward,
  HeaderOps,
  Mirror,
  Redirect,
  Rewrite,
  WeightedDestination,
} from './action.js';
import type {
  ChainMatch,
  EffectiveGateway,
  HttpChain,
  L4Chain,
  Listener,
  Route,
  TlsContext,
  VirtualHost,
} from './gateway.js';
import type { RouteMatch } from './matchers.js';
import type { HttpPolicies, L4Policies } from './policy.js';

/** The nodes of a gateway. */
export interface Nodes {
  readonly Gateway: EffectiveGateway;
  readonly Listener: Listener;
  readonly HttpChain: HttpChain;
  readonly L4Chain: L4Chain;
  readonly ChainMatch: ChainMatch;
  readonly TlsContext: TlsContext;
  readonly HttpPolicies: HttpPolicies;
  readonly L4Policies: L4Policies;
  readonly VirtualHost: VirtualHost;
  readonly Route: Route;
  readonly RouteMatch: RouteMatch;
  readonly RequestHeaders: HeaderOps;
  readonly ResponseHeaders: HeaderOps;
  readonly CorsPolicy: CorsPolicy;
  readonly Fault: Fault;
  readonly Forward: Forward;
  readonly Rewrite: Rewrite;
  readonly Mirror: Mirror;
  readonly Delivery: Delivery;
  readonly WeightedDestination: WeightedDestination;
  readonly Destination: Destination;
  readonly Redirect: Redirect;
  readonly DirectResponse: DirectResponse;
}

export type NodeName = keyof Nodes;

/** Fields of a node that are nodes of their own, or no part of its meaning. */
export const INNER = {
  Gateway: [
    'aliases',
    'closed',
    'controlPlane',
    'dialect',
    'direct',
    'engine',
    'intake',
    'leftOut',
    'listeners',
    'podLabels',
    'running',
    'unsupported',
    'usual',
  ],
  Listener: ['filterChains', 'origin'],
  HttpChain: ['kind', 'match', 'tls', 'virtualHosts', 'policies', 'origin'],
  L4Chain: ['kind', 'match', 'tls', 'destinations', 'policies', 'origin'],
  ChainMatch: [],
  TlsContext: ['origin'],
  HttpPolicies: [],
  L4Policies: [],
  VirtualHost: ['routes', 'origin'],
  Route: [
    'match',
    'action',
    'requestHeaders',
    'responseHeaders',
    'cors',
    'fault',
    'bodyLimitOrigin',
    'chance',
    'escaped',
    'remark',
    'origin',
    'matchOrigin',
    'shapedBy',
  ],
  RouteMatch: [],
  RequestHeaders: ['origin'],
  ResponseHeaders: ['origin'],
  CorsPolicy: ['origin'],
  Fault: ['origin'],
  Forward: ['kind', 'destinations', 'rewrite', 'mirrors', 'delivery'],
  Rewrite: ['origin'],
  Mirror: ['destination', 'origin'],
  // `unhashed` is part of what `hash` says.
  Delivery: ['origin', 'places', 'unhashed'],
  WeightedDestination: ['requestHeaders', 'responseHeaders', 'origin'],
  Destination: ['origin'],
  Redirect: ['kind', 'why'],
  DirectResponse: ['kind', 'why'],
} as const satisfies { readonly [N in NodeName]: readonly (keyof Nodes[N])[] };

type PartsOf<N extends NodeName> = `${N}.${Exclude<keyof Nodes[N] & string, (typeof INNER)[N][number]>}`;

/** `Route.name`, `Delivery.timeoutMs`. */
export type Part = { [N in NodeName]: PartsOf<N> }[NodeName];

/** The node whose field a part is. */
export type NodeOf<P extends Part> = P extends `${infer N extends NodeName}.${string}` ? Nodes[N] : never;

/** What a part holds; of a list whose elements are accounted one by one, an element. */
export type ValueOf<P extends Part> = P extends `${infer N extends NodeName}.${infer K}`
  ? K extends keyof Nodes[N]
    ? Element<NonNullable<Nodes[N][K]>>
    : never
  : never;

type Element<T> = T extends readonly (infer E)[] ? (E extends object ? E : T) : T;
