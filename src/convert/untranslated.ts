// Ingresses of a controller that no writer can follow yet: they stay, and each has an item.

import { profileOf, untranslatedAs } from '../dialects/registry.js';
import type { EffectiveGateway, Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { itemOf, type LossItem } from './item.js';

export interface Leaving {
  readonly resources: readonly Resource[];
  readonly items: readonly LossItem[];
}

/** Parts what is translated from what stays. */
export function withoutUntranslated(
  resources: readonly Resource[],
  catalog: Catalog,
  options: Parameters<typeof untranslatedAs>[2],
): Leaving {
  const titles = new Map(resources.map((resource) => [resource, untranslatedAs(resource, catalog, options)]));
  const items = [...titles].flatMap(([resource, title]) =>
    title === undefined
      ? []
      : [
          itemOf({
            key: 'object.untranslated',
            message: `it is ${title}'s, whose rules are not translated yet: nothing is written for it, and it stays where it is`,
            origin: { resource, path: [] },
          }),
        ],
  );
  return { resources: resources.filter((resource) => titles.get(resource) === undefined), items };
}

export const isTranslated = ({ dialect }: EffectiveGateway): boolean => profileOf(dialect).untranslated !== true;
