// What an AuthorizationPolicy has to have for its action, and which of its parts say nothing: ValidateAuthorizationPolicy
// and checkDryRunAnnotation of pkg/config/validation/validation.go (source of 2026-08-22). An empty list is an absent one
// there: protobuf does not tell them apart. The values in the lists: authorization-values/.

import { type JsonObject, own } from '../../../model/index.js';
import { list, text } from '../values.js';

export const REFUSED = "Istio's webhook refuses the policy: nothing of it applies.";

export const RULE = 'spec.rules[]';

export const action = (spec: JsonObject): string => text(spec.action) || 'ALLOW';

export const filled = (part: JsonObject, fields: readonly string[]): string[] =>
  fields.filter((field) => list(own(part, field)).length > 0);

export const withNot = (fields: readonly string[]): string[] =>
  fields.flatMap((f) => [f, `not${f[0]!.toUpperCase()}${f.slice(1)}`]);

/** Who calls, as a TLS certificate or a token says it. */
export const BY_IDENTITY = withNot([
  'namespaces',
  'serviceAccounts',
  'trustDomains',
  'principals',
  'requestPrincipals',
]);
