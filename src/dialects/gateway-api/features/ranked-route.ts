// A route before it is known which listener it serves.

import type { Route } from '../../../model/index.js';
import type { Rank } from './precedence.js';

/** The listener that a request comes to: only a redirect asks for it. */
export interface RedirectPlace {
  /** Of the listener that the request comes to. */
  readonly port: number;
  readonly tls: boolean;
}

export interface RankedRoute {
  readonly rank: Rank;
  readonly on: (place: RedirectPlace) => Route;
}
