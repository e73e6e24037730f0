// Does an object fit the schema of its kind: unknown fields, wrong types, missing and excluding fields, bounds.
// What the API server checks beyond the schema (CEL, code) is lint's part.

import type { Diagnostic } from '../../diagnostics/index.js';
import { type Json, originOf, type Resource } from '../../model/index.js';
import { SOURCE_CODES } from '../codes.js';
import { finding } from '../finding.js';
import { admitted } from './admit.js';
import { compile } from './compile.js';
import { explainErrors } from './explain.js';
import { kindSchemas, schemaOf } from './kind-schemas.js';

/** What is wrong with the shape of an object; empty where it fits or where the project has no schema of its kind. */
export function validateResource(resource: Resource): Diagnostic[] {
  const known = kindSchemas(resource.group, resource.kind);
  if (!known) return [];
  const schema = known.served.find((s) => s.versions.includes(resource.version))?.schema;
  if (!schema) {
    const versions = known.served.flatMap((s) => s.versions).map((v) => (known.group ? `${known.group}/${v}` : v));
    return [
      finding(
        'unknownVersion',
        `${resource.kind} is not served in ${resource.apiVersion}: use apiVersion ${versions.join(' or ')}`,
        originOf(resource, 'apiVersion'),
      ),
    ];
  }
  const whole = schemaOf(resource) ?? schema;
  const object = admitted(resource.object, whole);
  const check = compile(schema, isLarge(resource) ? 'first' : 'all');
  if (check(object)) return [];
  const found = explainErrors(resource, object, whole, check.errors ?? []);
  return known.ignoresUnknown ? found.map(asIgnored) : found;
}

const asIgnored = (problem: Diagnostic): Diagnostic =>
  problem.code === SOURCE_CODES.unknownField.code
    ? { ...problem, severity: 'warning', message: `${problem.message} (Istio ignores it)` }
    : problem;

/** Values above which only the first problem is reported: ajv's list of errors takes time quadratic in their number. */
const MANY_VALUES = 20_000;
const LARGE_DOCUMENT = 256 * 1024;

function isLarge({ document, object }: Resource): boolean {
  if (document.text.length < LARGE_DOCUMENT) return false;
  let count = 0;
  const visit = (value: Json): boolean => {
    if (++count > MANY_VALUES) return true;
    return typeof value === 'object' && value !== null && Object.values(value).some(visit);
  };
  return visit(object);
}
