// Generated from the listing of src/dialects/gateway-api/implementations by test/generated.test.ts. Do not edit: npm run generate

import type { ImplementationName } from '../../../model/index.js';
import { envoyGateway } from './envoy-gateway/index.js';
import { istio } from './istio.js';
import { standard } from './standard.js';
import type { Implementation } from './implementation.js';

export const implementations: Readonly<Record<ImplementationName, Implementation>> = { istio, 'envoy-gateway': envoyGateway, standard };
