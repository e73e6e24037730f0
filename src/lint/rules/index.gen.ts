// Generated from the listing of lint/rules by test/generated.test.ts. Do not edit: npm run generate

import { fieldRules } from '../fields/index.gen.js';
import type { Rule } from '../rule.js';
import { rules as annotations } from './annotations.js';
import { rules as corsPreflight } from './cors-preflight.js';
import { rules as crdValidation } from './crd-validation.js';
import { rules as credential } from './credential.js';
import { rules as deprecated } from './deprecated.js';
import { rules as destinationReference } from './destination-reference.js';
import { rules as destinationRule } from './destination-rule.js';
import { rules as envoyFilterOperation } from './envoy-filter-operation.js';
import { rules as experimentalFields } from './experimental-fields.js';
import { rules as gatewayApiStatus } from './gateway-api-status.js';
import { rules as gatewayConflict } from './gateway-conflict.js';
import { rules as gatewayReference } from './gateway-reference.js';
import { rules as gatewayWorkload } from './gateway-workload.js';
import { rules as headerReading } from './header-reading.js';
import { rules as ingressClass } from './ingress-class.js';
import { rules as ingressReference } from './ingress-reference.js';
import { rules as istioAnnotations } from './istio-annotations.js';
import { rules as matchGateway } from './match-gateway.js';
import { rules as meshConfig } from './mesh-config.js';
import { rules as meshHostConflict } from './mesh-host-conflict.js';
import { rules as negativeCondition } from './negative-condition.js';
import { rules as pathReading } from './path-reading.js';
import { rules as portNotOpened } from './port-not-opened.js';
import { rules as readNotes } from './read-notes.js';
import { rules as redirects } from './redirects.js';
import { rules as refusedRoute } from './refused-route.js';
import { rules as regexReading } from './regex-reading.js';
import { rules as removedApi } from './removed-api.js';
import { rules as rewriteSlash } from './rewrite-slash.js';
import { rules as sameObject } from './same-object.js';
import { rules as security } from './security.js';
import { rules as selectorNamespace } from './selector-namespace.js';
import { rules as selectorNothing } from './selector-nothing.js';
import { rules as serviceEntry } from './service-entry.js';
import { rules as serviceExposure } from './service-exposure.js';
import { rules as servicePortName } from './service-port-name.js';
import { rules as sharedCertificate } from './shared-certificate.js';
import { rules as sharedRequests } from './shared-requests.js';
import { rules as telemetryFilter } from './telemetry-filter.js';
import { rules as unknownEffect } from './unknown-effect.js';
import { rules as unknownKind } from './unknown-kind.js';
import { rules as unreachable } from './unreachable.js';

/** Every rule, by code. */
export const rules: readonly Rule[] = [
  ...fieldRules,
  ...annotations,
  ...corsPreflight,
  ...crdValidation,
  ...credential,
  ...deprecated,
  ...destinationReference,
  ...destinationRule,
  ...envoyFilterOperation,
  ...experimentalFields,
  ...gatewayApiStatus,
  ...gatewayConflict,
  ...gatewayReference,
  ...gatewayWorkload,
  ...headerReading,
  ...ingressClass,
  ...ingressReference,
  ...istioAnnotations,
  ...matchGateway,
  ...meshConfig,
  ...meshHostConflict,
  ...negativeCondition,
  ...pathReading,
  ...portNotOpened,
  ...readNotes,
  ...redirects,
  ...refusedRoute,
  ...regexReading,
  ...removedApi,
  ...rewriteSlash,
  ...sameObject,
  ...security,
  ...selectorNamespace,
  ...selectorNothing,
  ...serviceEntry,
  ...serviceExposure,
  ...servicePortName,
  ...sharedCertificate,
  ...sharedRequests,
  ...telemetryFilter,
  ...unknownEffect,
  ...unknownKind,
  ...unreachable,
].sort((a, b) => (a.code < b.code ? -1 : 1));
