// Generated from the listing of src/dialects by test/generated.test.ts. Do not edit: npm run generate

import type { DialectName } from '../model/index.js';
import type { References } from './reference-field.js';
import { references as gatewayApi } from './gateway-api/reference-fields.js';
import { references as ingress } from './ingress/reference-fields.js';
import { references as ingressNginx } from './ingress-nginx/reference-fields.js';
import { references as istio } from './istio/reference-fields.js';
import { references as kong } from './kong/reference-fields.js';
import { references as traefik } from './traefik/reference-fields.js';

export const referencesOf: Readonly<Partial<Record<DialectName, References>>> = { 'gateway-api': gatewayApi, ingress, 'ingress-nginx': ingressNginx, istio, kong, traefik };
