// Objects of the files that would not get into a cluster: their shape is not that of their kind, or Istio's webhook refuses a field. What
// was read of them is answered for all the same, so whoever shows answers has to say it.

import type { Diagnostic } from '../diagnostics/index.js';
import { isPosition } from '../diagnostics/index.js';
import { lint } from '../lint/engine.js';
import { fieldRules } from '../lint/fields/index.gen.js';
import { placeholderOf } from '../lint/unrendered.js';
import type { Resource } from '../model/index.js';
import { catalogOf } from '../resources/catalog.js';
import { shapeCheck } from '../sources/schema/shape-check.js';

export interface RefusedObject {
  readonly resource: Resource;
  /** What is wrong, in the order of the object; at least one. */
  readonly findings: readonly [Diagnostic, ...Diagnostic[]];
  /** A placeholder that another tool fills in, where nothing else is wrong. */
  readonly placeholder?: string;
}

/** Rules whose errors keep an object out. */
const ADMISSION = fieldRules.filter(
  ({ fields, category, severity }) => fields && category === 'field' && severity === 'error',
);

export async function refusedObjects(resources: readonly Resource[]): Promise<RefusedObject[]> {
  const found = new Map<Resource, [Diagnostic, ...Diagnostic[]]>();
  const catalog = catalogOf(resources.filter((resource) => !resource.assumed));
  const validate = await shapeCheck(catalog.all);
  const input = { catalog, gateways: [], notes: [], rules: ADMISSION, validate };
  for (const finding of lint(input)) {
    if (finding.severity !== 'error' || isPosition(finding.place)) continue;
    const { resource } = finding.place;
    const known = found.get(resource);
    if (known) known.push(finding);
    else found.set(resource, [finding]);
  }
  return [...found].map(([resource, all]) => {
    const [first, ...more] = all.filter((finding) => placeholderOf(finding) === undefined);
    if (first) return { resource, findings: [first, ...more] };
    const placeholder = placeholderOf(all[0]);
    return { resource, findings: all, ...(placeholder === undefined ? {} : { placeholder }) };
  });
}
