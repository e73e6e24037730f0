// Generated from the listing of src/dialects by test/generated.test.ts. Do not edit: npm run generate

import type { Dialect } from './dialect.js';
import { dialect as envoy } from './envoy/index.js';
import { dialect as gatewayApi } from './gateway-api/index.js';
import { dialect as ingress } from './ingress/index.js';
import { dialect as ingressNginx } from './ingress-nginx/index.js';
import { dialect as istio } from './istio/index.js';
import { dialect as kong } from './kong/index.js';
import { dialect as kuma } from './kuma/index.js';
import { dialect as service } from './service/index.js';
import { dialect as smi } from './smi/index.js';
import { dialect as traefik } from './traefik/index.js';

export const dialects: readonly Dialect[] = [envoy, gatewayApi, ingress, ingressNginx, istio, kong, kuma, service, smi, traefik];
