// Questions about a request and an answer that several features ask.

import type { GatewayRequest, SimulationResult } from '../../model/index.js';
import type { Compared } from './feature.js';

export const isSecure = ({ request: { scheme } }: Compared): boolean => scheme === 'https';

export const hostOf = (r: GatewayRequest): string => r.host.replace(/:\d+$/, '').toLowerCase();

/** TLS asked for another name than the request does. */
export const otherName = (d: Compared): boolean =>
  isSecure(d) && d.request.sni !== undefined && d.request.sni !== hostOf(d.request);

/** No connection, or nobody there who knows the request. */
export const isNothing = ({ connection, status, matched }: SimulationResult): boolean =>
  connection !== undefined || (status === 404 && matched === undefined);

export const isUsualPort = ({ port }: GatewayRequest): boolean => port === 80 || port === 443;
