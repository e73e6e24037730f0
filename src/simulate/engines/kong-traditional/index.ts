// Kong with the router flavour `traditional` (the Helm chart's default): as the compatible one, but that it matches paths that are no UTF-8.

import type { EngineRules } from '../engine-rules.js';
import { engine as kong } from '../kong/index.js';
import { seenByKong } from '../kong/uri.js';

export const engine: EngineRules = { ...kong, engine: 'kong-traditional', seePath: seenByKong };
