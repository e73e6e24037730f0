// nginx as ingress-nginx configures it. Placeholder until the nginx rules are written: behaves as `plain`.

import type { EngineRules } from './engine-rules.js';
import { plain } from './plain.js';

export const nginx: EngineRules = { ...plain, engine: 'nginx' };
