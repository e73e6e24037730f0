// Does an object fit the schema of its kind: unknown fields, wrong types, missing and excluding fields, bounds.
// What the API server checks beyond the schema (CEL, code) is lint's part.

import type { Diagnostic } from '../../diagnostics/index.js';
import { formatPath, type Json, originOf, type Resource } from '../../model/index.js';
import { SOURCE_CODES } from '../codes.js';
import { finding } from '../finding.js';
import { admitted } from './admit.js';
import { compile } from './compile.js';
import { channelOf, setsOf, titleOfSets } from './crd-sets.js';
import { explainErrors } from './explain.js';
import { kindSchemas, schemaOf } from './kind-schemas.js';

/**
 * What is wrong with the shape of an object; empty where it fits or where the project has no schema of its kind. What only another set of
 * CRDs knows than the cluster is said to have is an error; where nobody says which it has, a warning.
 */
export function validateResource(resource: Resource): Diagnostic[] {
  const problems = problemsIn(resource, resource.crds);
  const others = problems.length === 0 ? [] : setsOf(resource.group).filter((set) => set !== resource.crds);
  if (others.length === 0) return problems;
  const inOthers = others.map((set) => ({ set, places: problemsIn(resource, set).map(placeOf) }));
  return problems.map((problem) => {
    const here = placeOf(problem);
    const knowing = inOthers.filter(({ places }) => !places.some((place) => isWithin(here, place)));
    return knowing.length === 0
      ? problem
      : elsewhere(
          problem,
          resource,
          knowing.map(({ set }) => set),
        );
  });
}

const WHOLE = '';

/** `spec.a[0].b` is within `spec.a[0]`, and everything is within the whole. */
const isWithin = (path: string, place: string): boolean =>
  place === WHOLE || path === place || (path.startsWith(place) && '.['.includes(path.charAt(place.length)));
const placeOf = ({ place }: Diagnostic): string => ('path' in place ? formatPath(place.path) : WHOLE);

/** `sets`: those that know it. */
function elsewhere(problem: Diagnostic, { kind, crds }: Resource, sets: readonly string[]): Diagnostic {
  const path = placeOf(problem);
  const what = path === WHOLE ? kind : `\`${path}\``;
  const needs = `${what} needs ${titleOfSets(sets)}`;
  return crds === undefined
    ? finding(
        'experimentalField',
        `${needs}; the API server rejects or drops it where other CRDs are installed`,
        problem.place,
      )
    : {
        ...finding('experimentalField', `${needs}; the CRDs of ${channelOf(crds)} reject or drop it`, problem.place),
        severity: 'error',
      };
}

function problemsIn(resource: Resource, set: string | undefined): Diagnostic[] {
  const known = kindSchemas(resource.group, resource.kind, set);
  if (!known) {
    const isKnown = setsOf(resource.group).some((other) => kindSchemas(resource.group, resource.kind, other));
    return isKnown ? [finding('unknownVersion', `there is no ${resource.kind}`, originOf(resource))] : [];
  }
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
  const whole = schemaOf(resource, set) ?? schema;
  const object = admitted(resource.written ?? resource.object, whole);
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
