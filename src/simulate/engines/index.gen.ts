// Generated from the listing of src/simulate/engines by test/generated.test.ts. Do not edit: npm run generate

import type { Engine } from '../../model/index.js';
import type { EngineRules } from './engine-rules.js';
import { engine as envoy } from './envoy/index.js';
import { engine as envoyGateway } from './envoy-gateway/index.js';
import { engine as kong } from './kong/index.js';
import { engine as kongExpressions } from './kong-expressions/index.js';
import { engine as kongTraditional } from './kong-traditional/index.js';
import { engine as nginx } from './nginx/index.js';
import { engine as plain } from './plain/index.js';
import { engine as traefik } from './traefik/index.js';

export const engines: Readonly<Record<Engine, EngineRules>> = { envoy, 'envoy-gateway': envoyGateway, kong, 'kong-expressions': kongExpressions, 'kong-traditional': kongTraditional, nginx, plain, traefik };
