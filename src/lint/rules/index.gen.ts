// Generated from the folder listing of lint/fields and lint/rules; run `npx vitest run test/lint-registry.test.ts -u`.

import type { Rule } from '../rule.js';
import { rules as destinationRule } from '../fields/destination-rule.js';
import { rules as gateway } from '../fields/gateway.js';
import { rules as httpMatch } from '../fields/http-match.js';
import { rules as httpRoute } from '../fields/http-route.js';
import { rules as ingress } from '../fields/ingress.js';
import { rules as metadata } from '../fields/metadata.js';
import { rules as serviceEntry } from '../fields/service-entry.js';
import { rules as service } from '../fields/service.js';
import { rules as sharedValues } from '../fields/shared-values.js';
import { rules as virtualService } from '../fields/virtual-service.js';
import { rules as crdValidation } from './crd-validation.js';

/** Every rule, by code. */
export const rules: readonly Rule[] = [
  ...destinationRule,
  ...gateway,
  ...httpMatch,
  ...httpRoute,
  ...ingress,
  ...metadata,
  ...serviceEntry,
  ...service,
  ...sharedValues,
  ...virtualService,
  ...crdValidation,
].sort((a, b) => (a.code < b.code ? -1 : 1));
