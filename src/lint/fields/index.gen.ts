// Generated from the listing of lint/fields by test/generated.test.ts. Do not edit: npm run generate

import type { Rule } from '../rule.js';
import { rules as authorizationConditions } from './authorization-conditions.js';
import { rules as authorizationPolicy } from './authorization-policy.js';
import { rules as authorizationValues } from './authorization-values.js';
import { rules as destinationRule } from './destination-rule.js';
import { rules as gateway } from './gateway.js';
import { rules as httpMatch } from './http-match.js';
import { rules as httpRoute } from './http-route.js';
import { rules as ingress } from './ingress.js';
import { rules as metadata } from './metadata.js';
import { rules as pathText } from './path-text.js';
import { rules as peerAuthentication } from './peer-authentication.js';
import { rules as policyAttachment } from './policy-attachment.js';
import { rules as requestAuthentication } from './request-authentication.js';
import { rules as retries } from './retries.js';
import { rules as service } from './service.js';
import { rules as serviceEntry } from './service-entry.js';
import { rules as sharedValues } from './shared-values.js';
import { rules as sidecar } from './sidecar.js';
import { rules as telemetry } from './telemetry.js';
import { rules as virtualService } from './virtual-service.js';

/** Rules about single fields. */
export const fieldRules: readonly Rule[] = [
  ...authorizationConditions,
  ...authorizationPolicy,
  ...authorizationValues,
  ...destinationRule,
  ...gateway,
  ...httpMatch,
  ...httpRoute,
  ...ingress,
  ...metadata,
  ...pathText,
  ...peerAuthentication,
  ...policyAttachment,
  ...requestAuthentication,
  ...retries,
  ...service,
  ...serviceEntry,
  ...sharedValues,
  ...sidecar,
  ...telemetry,
  ...virtualService,
];
