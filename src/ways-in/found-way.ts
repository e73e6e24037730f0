// A way before it is reported: objects of the model, with the request that shows it.

import type {
  Destination,
  EffectiveGateway,
  FilterChain,
  Listener,
  Mirror,
  Origin,
  Route,
  VirtualHost,
} from '../model/index.js';
import type { Witness } from '../space/index.js';

export interface FoundWay {
  readonly gateway: EffectiveGateway;
  readonly listener: Listener;
  readonly chain: FilterChain;
  /** Of HTTP. */
  readonly virtualHost?: VirtualHost;
  readonly route?: Route;
  readonly destination: Destination;
  /** Percent, 0..100. */
  readonly weight: number;
  readonly mirror?: Mirror;
  readonly rule: Origin;
  readonly reach:
    | { readonly status: 'reached'; readonly witness: Witness }
    | { readonly status: 'undecided' | 'dead'; readonly reason: string; readonly witness?: Witness };
}

/** Where it is decided, for what is not modelled there. */
export const placeOf = ({ listener, virtualHost, route }: FoundWay) => ({
  port: listener.port,
  ...(virtualHost ? { virtualHost } : {}),
  ...(route ? { route } : {}),
});
