// What the files do not say and meshgw takes for given: named once, with how to say it.

import type { Origin } from './resource.js';

export interface Assumption {
  /** Stable name: `ingress-class`, `gateway`. */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  /** The flag or the argument that says it: `--class public=nginx`. */
  readonly hint?: string;
  readonly origin?: Origin;
}
