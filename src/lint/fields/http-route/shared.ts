// What Istio's validation says about one HTTP rule of a VirtualService and what it does: validateHTTPRoute,
// validateHTTPRouteConflict and what they call, in pkg/config/validation (source of 2026-08-22). Matches and values of
// headers are in http-match/.

import type { Json } from '../../../model/index.js';
import { object } from '../values.js';

export const REFUSED = "Istio's webhook refuses the VirtualService.";

export const TO_SHOP = 'route:\n- destination: {host: shop}';

export const HTTP = 'spec.http[]';

export const bodySize = (value: Json): number => {
  const body = object(value);
  if (typeof body.string === 'string') return Buffer.byteLength(body.string);
  return typeof body.bytes === 'string' ? Buffer.byteLength(body.bytes, 'base64') : 0;
};
