// What Istio does for a rule without settings of retries.

import { DEFAULT_RETRIES } from '../../../implementations/istio/retries.js';
import type { Delivery } from '../../../model/index.js';

export const isDefaultRetries = (retries: Delivery['retries']): boolean =>
  JSON.stringify(retries) === JSON.stringify(DEFAULT_RETRIES);
