// Objects inside of objects that a dialect reads as its own: Istio's mesh configuration in a ConfigMap.

import type { Diagnostic } from '../diagnostics/index.js';
import type { ReadOptions } from '../dialects/dialect.js';
import { assumedResource, orderAfter } from '../dialects/parents.js';
import { readers } from '../dialects/readers.js';
import type { Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { embeddedObject } from '../sources/index.js';

/** `problems`: what is no YAML, or no mapping. */
export function embeddedObjects(
  catalog: Catalog,
  options: ReadOptions,
): { readonly resources: readonly Resource[]; readonly problems: readonly Diagnostic[] } {
  const resources: Resource[] = [];
  const problems: Diagnostic[] = [];
  for (const reader of readers()) {
    const { parts, assumed = [] } = reader.embedded?.(catalog, options) ?? { parts: [] };
    for (const { holder, path, ...as } of parts) {
      const { resource, problem } = embeddedObject(holder, path, as);
      if (resource) resources.push(resource);
      if (problem) problems.push(problem);
    }
    for (const object of assumed) resources.push(assumedResource(object, orderAfter(catalog) + resources.length));
  }
  return { resources, problems };
}
