// What a VirtualService does besides routing at gateways: its rules for `mesh` hold for calls between services.

import type { Resource } from '../../model/index.js';
import { objectOf, objectsOf, specOf, stringsOf } from '../../resources/fields.js';
import type { WrittenLoss } from '../dialect.js';

const MESSAGE = 'calls between services use this VirtualService: keep one for mesh when the gateway moves';

/** `mesh` among its gateways, or among those of a match. */
export function leaves(resource: Resource): WrittenLoss[] {
  if (resource.kind !== 'VirtualService') return [];
  const spec = specOf(resource);
  const item = (path: readonly (string | number)[]): WrittenLoss => ({
    key: 'virtualservice.mesh',
    message: MESSAGE,
    origin: { resource, path },
  });
  const own = stringsOf(spec.gateways).flatMap((name, i) => (name === 'mesh' ? [item(['spec', 'gateways', i])] : []));
  const ofMatches = objectsOf(spec.http).flatMap((rule, r) =>
    objectsOf(objectOf(rule)?.match).flatMap((match, m) =>
      stringsOf(match.gateways).flatMap((name, g) =>
        name === 'mesh' ? [item(['spec', 'http', r, 'match', m, 'gateways', g])] : [],
      ),
    ),
  );
  return [...own, ...ofMatches];
}
