// Generated from the listing of src/dialects by test/generated.test.ts. Do not edit: npm run generate

import type { LeavingByDialect } from './leaving.js';
import { leaving as envoy } from './envoy/leaving.js';
import { leaving as gatewayApi } from './gateway-api/leaving.js';
import { leaving as ingressNginx } from './ingress-nginx/leaving.js';
import { leaving as kong } from './kong/leaving.js';
import { leaving as traefik } from './traefik/leaving.js';

export const leavingOf: LeavingByDialect = { envoy, 'gateway-api': gatewayApi, 'ingress-nginx': ingressNginx, kong, traefik };
