// Routes whose Gateway is not in the files: which hosts and ports it serves is not known, so that nothing was translated of them there.

import { parentsIn } from '../dialects/parents.js';
import type { Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { itemOf, type LossItem } from './item.js';

/** One item for each reference. `resources`: what is translated. */
export function missingParents(catalog: Catalog, resources: readonly Resource[]): LossItem[] {
  const translated = new Set(resources);
  return parentsIn(catalog).flatMap(({ resource, gateway, found, origin }) =>
    found || !gateway || !translated.has(resource)
      ? []
      : [
          itemOf({
            key: 'gateway.missing',
            message: `Gateway ${gateway.namespace}/${gateway.name} is not in the files: the routes are not translated for it; add its file, or state that it exists with --assume-gateway ${gateway.namespace}/${gateway.name}`,
            origin,
          }),
        ],
  );
}
