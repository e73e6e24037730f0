// The class of a Gateway: the implementation's, that of a Gateway that keeps its name, or a word for the user to replace.

import type { EffectiveGateway } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { objectAt, stringAt } from '../fields.js';
import type { Implementation } from '../implementations/implementation.js';
import { GATEWAY } from '../kinds.js';
import { placeOf } from './gateway-place.js';

/** Stands where nobody has named a class. */
export const NO_CLASS = 'gateway-class';

export function classOf(
  gateway: EffectiveGateway,
  { className }: Implementation,
  catalog: Catalog,
): string | undefined {
  if (className !== undefined || gateway.dialect !== 'gateway-api') return className;
  const { namespace, name } = placeOf(gateway);
  return stringAt(objectAt(catalog.find(GATEWAY, namespace, name)?.object, 'spec'), 'gatewayClassName');
}
