// The books of a translation: every field of every translated object is exact, approximate or refused. What the writer named has
// its item; every other field was carried over by the model, and is listed as exact.

import type { FieldPath, Json, Resource } from '../model/index.js';
import { formatPath } from '../model/index.js';
import type { ConversionItem } from './item.js';

/** The writer's items, then one `exact` item per remaining field, in the order of the files. */
export function account(resources: readonly Resource[], items: readonly ConversionItem[]): ConversionItem[] {
  const named = new Map<Resource, FieldPath[]>();
  for (const i of items) named.set(i.origin.resource, [...(named.get(i.origin.resource) ?? []), i.origin.path]);
  const exact = resources.flatMap((resource) => {
    const taken = new Set((named.get(resource) ?? []).map(formatPath));
    return [...fieldsOf(resource)]
      .filter((path) => !prefixes(path).some((p) => taken.has(p)))
      .map(
        (path): ConversionItem => ({
          severity: 'exact',
          feature: featureOf(resource, path),
          message: formatPath(path),
          origin: { resource, path },
        }),
      );
  });
  return [...items, ...exact];
}

/** Every field that holds a value, and every annotation that a controller reads. */
function* fieldsOf(resource: Resource): Generator<FieldPath> {
  const annotations = resource.object.metadata;
  if (annotations && typeof annotations === 'object' && 'annotations' in annotations) {
    for (const name of Object.keys(resource.annotations))
      if (name !== 'kubectl.kubernetes.io/last-applied-configuration') yield ['metadata', 'annotations', name];
  }
  yield* leaves(resource.object.spec ?? null, ['spec']);
}

function* leaves(value: Json, path: FieldPath): Generator<FieldPath> {
  if (Array.isArray(value)) {
    for (const [i, v] of value.entries()) yield* leaves(v, [...path, i]);
  } else if (value && typeof value === 'object') {
    const entries = Object.entries(value as Record<string, Json>);
    if (entries.length === 0) yield path;
    for (const [k, v] of entries) yield* leaves(v, [...path, k]);
  } else if (value !== null) yield path;
}

const prefixes = (path: FieldPath): string[] => path.map((_, i) => formatPath(path.slice(0, i + 1)));

/** `virtualservice.http.match.uri.prefix`, `annotation.canary-weight`: without indexes, so that equal fields have equal names. */
function featureOf(resource: Resource, path: FieldPath): string {
  if (path[0] === 'metadata') return `annotation.${String(path[2]).replace(/^.*\//, '')}`;
  return [resource.kind.toLowerCase(), ...path.slice(1).filter((p) => typeof p === 'string')].join('.');
}
