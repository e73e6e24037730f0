// Generated from the listing of src/dialects by test/generated.test.ts. Do not edit: npm run generate

import type { DialectProfile } from './profile.js';
import { profile as envoy } from './envoy/profile.js';
import { profile as gatewayApi } from './gateway-api/profile.js';
import { profile as ingress } from './ingress/profile.js';
import { profile as ingressNginx } from './ingress-nginx/profile.js';
import { profile as istio } from './istio/profile.js';
import { profile as kong } from './kong/profile.js';
import { profile as kuma } from './kuma/profile.js';
import { profile as service } from './service/profile.js';
import { profile as smi } from './smi/profile.js';
import { profile as traefik } from './traefik/profile.js';

export const profiles: readonly DialectProfile[] = [envoy, gatewayApi, ingress, ingressNginx, istio, kong, kuma, service, smi, traefik];
