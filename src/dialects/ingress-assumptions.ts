// Whose Ingresses were taken for whose, where neither the files nor a flag say it: one assumption for each class.

import { type Assumption, originOf, type Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { ingressKinds, upgradeIngress } from '../resources/ingress.js';
import type { ReadOptions } from './dialect.js';
import { type IngressOwner, ingressOwner } from './ingress-owner.js';
import { profileOf } from './registry.js';

interface Group {
  readonly owner: IngressOwner;
  readonly className: string | undefined;
  readonly resources: Resource[];
}

export function ingressAssumptions(catalog: Catalog, options: ReadOptions): Assumption[] {
  const groups = new Map<string, Group>();
  for (const resource of ingressKinds.flatMap((kind) => catalog.ofKind(kind))) {
    const view = upgradeIngress(resource);
    const owner = ingressOwner(view, catalog, options);
    if (!owner.guessed) continue;
    const className = view.className ?? view.classAnnotation;
    const key = `${owner.guessed} ${owner.dialect} ${className ?? ''}`;
    const group = groups.get(key) ?? { owner, className, resources: [] };
    group.resources.push(resource);
    groups.set(key, group);
  }
  return [...groups.values()].map(assumption);
}

function assumption({ owner, className, resources }: Group): Assumption {
  const [first] = resources;
  const many = resources.length === 1 ? `Ingress ${first!.namespace}/${first!.name}` : `${resources.length} Ingresses`;
  const which = className === undefined ? `${many} without a class` : `${many} of class ${className}`;
  const verb = resources.length === 1 ? 'is' : 'are';
  const origin = originOf(first!, ...(className === undefined ? [] : classPath(first!)));
  if (owner.guessed === 'annotations') {
    const { title, ingress } = profileOf(owner.dialect);
    const word = ingress?.word ?? owner.dialect;
    return {
      code: 'ingress-class',
      message: `${which} ${verb} read as ${title} would: ${resources.length === 1 ? 'it has' : 'they have'} its annotations, and the files do not hold the IngressClass`,
      hint:
        className === undefined ? `--class-semantics ${word} confirms it` : `--class ${className}=${word} confirms it`,
      origin,
    };
  }
  return {
    code: 'ingress-class-unknown',
    message: `${which} ${verb} read by the Kubernetes specification: which controller serves ${resources.length === 1 ? 'it' : 'them'} is not in the files`,
    hint: className === undefined ? '--class-semantics CONTROLLER sets it' : `--class ${className}=CONTROLLER sets it`,
    origin,
  };
}

/** The field that names the class. */
function classPath({ object }: Resource): (string | number)[] {
  const spec = object.spec;
  const named = spec !== null && typeof spec === 'object' && !Array.isArray(spec) && 'ingressClassName' in spec;
  return named ? ['spec', 'ingressClassName'] : ['metadata', 'annotations', 'kubernetes.io/ingress.class'];
}
