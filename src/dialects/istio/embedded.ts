// The mesh configuration as an object of its own, wherever it stands (implementations/istio/mesh-sources.ts).

import { MESH_API_VERSION, meshSources } from '../../implementations/istio/mesh-sources.js';
import { own } from '../../model/index.js';
import type { Dialect } from '../dialect.js';
import { meshConfigFlag } from './profile.js';

export const embedded: NonNullable<Dialect['embedded']> = (catalog, { flags }) => {
  const named = own(flags ?? {}, meshConfigFlag.name);
  const as = { apiVersion: MESH_API_VERSION, kind: 'MeshConfig' };
  if (named === 'none')
    return { parts: [], assumed: [{ ...as, metadata: { name: 'istio', namespace: 'istio-system' } }] };
  return {
    parts: meshSources(catalog, named).map(({ holder, path }) => ({
      holder,
      path,
      ...as,
      // Both may have one name, and are two.
      name: holder.kind === 'ConfigMap' ? holder.name : `${holder.name} (${holder.kind})`,
    })),
  };
};
