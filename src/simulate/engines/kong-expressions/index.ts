// Kong with the router flavour `expressions` (the default of the controller's manifests): the expressions that the controller writes want
// every line of a header to match (http.headers.x without `any`).

import type { EngineRules } from '../engine-rules.js';
import { engine as kong } from '../kong/index.js';

export const engine: EngineRules = { ...kong, engine: 'kong-expressions', testsEveryLine: true };
