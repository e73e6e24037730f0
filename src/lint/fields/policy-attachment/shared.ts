// What a policy of Istio applies to: validateOneOfSelectorType and validatePolicyTargetReference of
// pkg/config/validation/validation.go (source of 2026-08-22). Labels of selectors: shared-values/.

import {
  AUTHORIZATION_POLICY,
  REQUEST_AUTHENTICATION,
  TELEMETRY,
  TRAFFIC_EXTENSION,
  WASM_PLUGIN,
} from '../field-rule.js';

export const KINDS = [AUTHORIZATION_POLICY, REQUEST_AUTHENTICATION, TELEMETRY, WASM_PLUGIN, TRAFFIC_EXTENSION];
