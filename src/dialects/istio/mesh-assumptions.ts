// What is taken for given of Istio's mesh configuration: which one counts of several that differ, and, where none is in the files and an
// answer depends on it, what Istio's defaults are.

import { MESH_KIND } from '../../implementations/istio/mesh-config.js';
import { differingFields } from '../../implementations/istio/mesh-difference.js';
import { type Assumption, type EffectiveGateway, formatResource, originOf, own } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { ingressKinds, upgradeIngress } from '../../resources/ingress.js';
import { ingressClass } from '../../resources/ingress-class.js';
import type { ReadOptions } from '../dialect.js';
import { meshConfigFlag } from './profile.js';

const CODE = 'istio-mesh-config';
const FLAG = `--${meshConfigFlag.name}`;

export function meshAssumptions(
  catalog: Catalog,
  gateways: readonly EffectiveGateway[],
  { flags = {}, classSemantics, classes = {} }: ReadOptions,
): Assumption[] {
  const named = own(flags, meshConfigFlag.name);
  const [counts, ...others] = catalog.ofKind(MESH_KIND);
  if (named !== undefined && !counts)
    return [
      {
        code: CODE,
        message: `${named} with a mesh configuration is not in the files: what Istio's is counts as not known`,
      },
    ];
  if (counts)
    return others.flatMap((other): Assumption[] => {
      const fields = differingFields(counts, other);
      if (fields.length === 0) return [];
      return [
        {
          code: `${CODE}-differs`,
          message: `${formatResource(counts)} counts; ${formatResource(other)} (${other.document.file}) differs in ${fields.join(', ')}`,
          hint: `${FLAG} NAMESPACE/NAME names the one that counts`,
          origin: originOf(other),
        },
      ];
    });
  const istio = gateways.some((g) => g.controlPlane === 'istio');
  const wants = [
    ...gateways
      .flatMap((g) => g.unsupported)
      .filter(({ feature }) => feature === 'authorizationpolicy.action.CUSTOM')
      .map(({ origin }) => ({ origin, what: 'the extension providers of CUSTOM policies are defined' })),
    ...ingressKinds
      .flatMap((kind) => catalog.ofKind(kind))
      .filter((r) => istio && classSemantics === undefined && isUnclaimed(r, catalog, classes))
      .map((r) => ({ origin: originOf(r), what: 'Ingresses without a class are not its own (ingressControllerMode)' })),
  ];
  return [...new Map(wants.map((want) => [want.what, want])).values()].map(({ origin, what }) => ({
    code: CODE,
    message: `the mesh configuration of Istio is not in the files: ${what}`,
    hint: `add it: kubectl -n istio-system get configmap istio -o yaml; ${FLAG} none: Istio runs with its defaults`,
    origin,
  }));
}

function isUnclaimed(
  resource: Parameters<typeof upgradeIngress>[0],
  catalog: Catalog,
  classes: Readonly<Record<string, string>>,
): boolean {
  const view = upgradeIngress(resource);
  const { name } = ingressClass(view, catalog);
  return name === undefined && view.classAnnotation === undefined && Object.keys(classes).length === 0;
}
