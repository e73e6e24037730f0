// Where a mesh configuration stands among the files: the ConfigMap that istiod reads (getMeshConfigMapName in pilot/pkg/bootstrap/mesh.go:
// `istio`, of another revision `istio-REVISION`, key `mesh`), or an IstioOperator, from which the installer makes it.

import type { FieldPath, Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { compareText, objectOf, specOf } from '../../resources/fields.js';

export const MESH_API_VERSION = 'mesh.istio.io/v1alpha1';

export interface MeshSource {
  /** A ConfigMap or an IstioOperator. */
  readonly holder: Resource;
  readonly path: FieldPath;
}

const NAME = /^istio(-[a-z0-9.-]+)?$/;

/**
 * The one that counts first: a ConfigMap before an IstioOperator, `istio` before other revisions. `named`: `NAMESPACE/NAME`, only that one.
 */
export function meshSources(catalog: Catalog, named: string | undefined): MeshSource[] {
  const isNamed = ({ holder: { namespace, name } }: MeshSource): boolean => `${namespace}/${name}` === named;
  const all = [...configMaps(catalog), ...operators(catalog)];
  return named === undefined
    ? all.filter(({ holder }) => holder.kind !== 'ConfigMap' || NAME.test(holder.name))
    : all.filter(isNamed);
}

const configMaps = (catalog: Catalog): MeshSource[] =>
  catalog
    .ofKind('/ConfigMap')
    .filter((r) => typeof objectOf(r.object.data)?.mesh === 'string')
    .sort((a, b) => Number(b.name === 'istio') - Number(a.name === 'istio') || compareText(a.name, b.name))
    .map((holder) => ({ holder, path: ['data', 'mesh'] }));

/** One that installs only gateways has none. */
const operators = (catalog: Catalog): MeshSource[] =>
  catalog.ofKind('install.istio.io/IstioOperator').flatMap((holder) => {
    const { meshConfig, values } = specOf(holder);
    if (objectOf(meshConfig)) return [{ holder, path: ['spec', 'meshConfig'] }];
    return objectOf(objectOf(values)?.meshConfig) ? [{ holder, path: ['spec', 'values', 'meshConfig'] }] : [];
  });
