// What is wrong with the annotations of one Ingress, as plain data for lint: names nobody knows, values that the
// controller ignores or that cost more than one annotation, annotations without effect, snippets.

import { nearestName } from '../../../diagnostics/index.js';
import type { FieldPath, Resource } from '../../../model/index.js';
import { isIngress } from '../../../resources/ingress.js';
import type { AnnotationFinding } from '../../dialect.js';
import { describeCheck } from './check.js';
import { OLD_NAMES } from './old-names.js';
import { type AnnotationSpec, annotationSpec, annotationTable, PREFIX } from './table.js';
import { type Annotations, annotationsOf, isOn } from './values.js';

const NAMES = annotationTable.map(({ name }) => name);

export function annotationFindings(resource: Resource): readonly AnnotationFinding[] {
  if (!isIngress(resource)) return [];
  const a = annotationsOf(resource);
  return Object.keys(resource.annotations).flatMap((full): readonly AnnotationFinding[] => {
    if (!full.startsWith(PREFIX)) return misplaced(full);
    const name = full.slice(PREFIX.length);
    const path = ['metadata', 'annotations', full];
    const spec = annotationSpec(name);
    if (!spec) return [unknown(name, path)];
    return [...valueFindings(a, spec, path), ...effectFindings(a, spec, path)];
  });
}

/** A known name with a prefix that ingress-nginx does not read, such as that of F5's controller. */
function misplaced(full: string): readonly AnnotationFinding[] {
  const slash = full.indexOf('/');
  const prefix = full.slice(0, slash + 1);
  const nearly = [
    'ingress.kubernetes.io/',
    'nginx.ingress.kubernetes.io./',
    'nginx.ingres.kubernetes.io/',
    'ingress.nginx.kubernetes.io/',
  ];
  const name = full.slice(slash + 1);
  if (slash < 0 || !nearly.includes(prefix) || !annotationSpec(name)) return [];
  return [
    {
      code: 'unknown',
      message: `ingress-nginx does not read ${full}; annotations begin with ${PREFIX}`,
      path: ['metadata', 'annotations', full],
      suggestion: PREFIX + name,
    },
  ];
}

function unknown(name: string, path: FieldPath): AnnotationFinding {
  const today = OLD_NAMES.get(name);
  if (today !== undefined)
    return {
      code: 'unknown',
      message: `${name} is an annotation of old releases, without an effect today; instead: ${today}`,
      path,
    };
  const near = nearestName(name, NAMES);
  const hint = near === undefined ? '' : `; did you mean ${PREFIX}${near}?`;
  return {
    code: 'unknown',
    message: `ingress-nginx has no annotation ${name.slice(0, 80)}${hint}`,
    path,
    ...(near === undefined ? {} : { suggestion: PREFIX + near }),
  };
}

function valueFindings(a: Annotations, spec: AnnotationSpec, path: FieldPath): readonly AnnotationFinding[] {
  if (spec.verdict === 'unsafe-snippet') {
    const message = `${spec.name} adds raw nginx configuration to the controller; with its default settings the controller refuses the Ingress`;
    return [{ code: 'snippet', message, path }];
  }
  // An alias that is not used is not read at all.
  const main = spec.aliasOf ?? spec.name;
  if (a.usedName(main) !== spec.name) return [];
  const read = a.text(main);
  if (read.value !== undefined && spec.type !== 'bool' && spec.type !== 'int') return [];
  const typed = spec.type === 'bool' ? a.bool(main) : spec.type === 'int' ? a.int(main) : read;
  if (typed.value !== undefined || typed.why === 'missing') return [];
  const wanted = `${spec.name} must be ${describeCheck(spec.check)}`;
  if (typed.why === 'unreadable') {
    const fallback = spec.default === undefined ? 'as if it were absent' : `as ${spec.default}`;
    return [{ code: 'ignored-value', message: `an empty value is treated ${fallback}: ${wanted}`, path }];
  }
  if (spec.refusal === 'ingress-ignored') {
    return [{ code: 'ingress-ignored', message: `the controller ignores the whole Ingress: ${wanted}`, path }];
  }
  if (spec.refusal === 'location-denied') {
    return [{ code: 'location-denied', message: `every path of the Ingress answers 503: ${wanted}`, path }];
  }
  if (spec.refusal === 'auth-ignored') {
    return [{ code: 'auth-ignored', message: `auth-url is disabled and every request is accepted: ${wanted}`, path }];
  }
  const fallback = spec.default === undefined ? 'ignored' : `ignored and counts as ${spec.default}`;
  return [{ code: 'ignored-value', message: `the value is ${fallback}: ${wanted}`, path }];
}

function effectFindings(a: Annotations, spec: AnnotationSpec, path: FieldPath): readonly AnnotationFinding[] {
  const because = noEffect(a, spec);
  return because === undefined ? [] : [{ code: 'no-effect', message: `${spec.name} has no effect: ${because}`, path }];
}

/** Why an annotation does nothing, or undefined. */
function noEffect(a: Annotations, spec: AnnotationSpec): string | undefined {
  const { name, needs } = spec;
  if (spec.aliasOf && a.usedName(spec.aliasOf) !== name) return `${spec.aliasOf} is set too`;
  if (needs !== undefined) {
    if (!isOn(a, needs)) return `it needs ${needs}`;
  }
  if (name.startsWith('permanent-redirect') && a.text('temporal-redirect').value !== undefined)
    return 'temporal-redirect wins';
  if (name === 'canary-by-header-pattern' && a.text('canary-by-header-value').value !== undefined) {
    return 'canary-by-header-value wins';
  }
  if (name === 'canary-weight-total' && (a.int(name).value ?? 100) < 100) return 'a total below 100 counts as 100';
  if (name === 'load-balance' && a.text('upstream-hash-by').value !== undefined) return 'upstream-hash-by wins';
  if (name === 'app-root' && a.text(name).value?.startsWith('/') === false)
    return 'it has to be a path that begins with /';
  if (name === 'temporal-redirect' && /^https?:/i.test(a.text(name).value ?? 'http:') === false) {
    return 'it has to be a URL with http or https';
  }
  if (name === 'auth-type' && a.text('auth-realm').value === 'off') return 'the realm "off" disables it';
  if (name === 'ssl-passthrough' && a.bool(name).value === true) {
    return 'unless the controller runs with --enable-ssl-passthrough; then no other annotation of the host has an effect';
  }
  return undefined;
}
