// Routes of a configuration that no gateway of its files carries.

import { keyOf, parentsIn } from '../dialects/parents.js';
import type { Uncarried } from '../diff/uncarried.js';
import type { LoadedConfig } from './load.js';

export const uncarriedIn = ({ catalog }: Pick<LoadedConfig, 'catalog'>): Uncarried[] =>
  parentsIn(catalog)
    .filter(({ found }) => !found)
    .map(({ resource, gateway, origin }) => ({ resource, origin, ...(gateway ? { gateway: keyOf(gateway) } : {}) }));
