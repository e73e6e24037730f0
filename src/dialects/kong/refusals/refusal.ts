// One cause for which Kong refuses a configuration as a whole.

import type { Origin } from '../../../model/index.js';

export interface Refusal {
  /** In Kong's words as far as there are some. */
  readonly message: string;
  readonly origin: Origin;
}
