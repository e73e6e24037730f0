// Where a service sends requests: a tree of Services, weights and mirrors.

import type { Destination, Origin } from '../../../model/index.js';

export type Target =
  | {
      readonly kind: 'server';
      readonly to: Destination;
      readonly passHost: boolean;
      readonly middlewares: readonly string[];
      readonly sticky?: Sticky;
      /** Why chance decides what the servers are. */
      readonly chance?: { readonly detail: string; readonly origin: Origin };
    }
  /** No endpoints: 503. */
  | { readonly kind: 'empty'; readonly origin: Origin }
  | {
      readonly kind: 'weighted';
      readonly members: readonly { readonly target: Target; readonly weight: number; readonly origin: Origin }[];
      readonly sticky?: Sticky;
    }
  | {
      readonly kind: 'mirroring';
      readonly main: Target;
      readonly mirrors: readonly { readonly target: Target; readonly percent: number; readonly origin: Origin }[];
    }
  | { readonly kind: 'failover'; readonly main: Target; readonly fallback: Target; readonly origin: Origin }
  /** `noop@internal`, `ping@internal`. */
  | { readonly kind: 'internal'; readonly status: number; readonly body: string };

/** A cookie binds clients to endpoints. */
export interface Sticky {
  readonly name: string;
  readonly origin: Origin;
}
