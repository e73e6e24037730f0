// What controllers make of objects of the files: installed charts bring Services and Secrets that no file holds, and certificates and
// external secrets become Secrets. Where one is at work, what is not in the files may be there all the same.

import type { Resource } from '../model/index.js';
import type { Catalog } from './catalog.js';
import { objectOf, objectsOf, specOf, stringOf } from './fields.js';
import { perCatalog, sameSet } from './kept-answers.js';
import { ASSUMED_NAMESPACE, isWithoutNamespace } from './namespace.js';

/** Kind → the namespace that its chart is installed into; undefined: it installs none. */
const CHARTS: Readonly<Record<string, (resource: Resource) => string | undefined>> = {
  // https://fluxcd.io/flux/components/helm/helmreleases/#target-namespace
  'helm.toolkit.fluxcd.io/HelmRelease': (r) => stringOf(specOf(r).targetNamespace) || r.namespace,
  // https://docs.k3s.io/add-ons/helm#helmchart-field-definitions
  'helm.cattle.io/HelmChart': (r) => stringOf(specOf(r).targetNamespace) || r.namespace,
  // https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml
  'argoproj.io/Application': (r) => (hasChart(r) ? stringOf(objectOf(specOf(r).destination)?.namespace) : undefined),
  // https://github.com/crossplane-contrib/provider-helm: a Release of the cluster
  'helm.crossplane.io/Release': (r) => stringOf(objectOf(specOf(r).forProvider)?.namespace),
};

const hasChart = (application: Resource): boolean => {
  const { source, sources } = specOf(application);
  return [...objectsOf(sources), objectOf(source) ?? {}].some((s) => s.chart !== undefined || s.helm !== undefined);
};

/** Who gives a namespace to the objects of a folder that name none: what counts as being in `default` here may be anywhere. */
const PLACED: readonly (readonly [kind: string, namespaceOf: (resource: Resource) => string | undefined])[] = [
  // https://fluxcd.io/flux/components/kustomize/kustomizations/#target-namespace
  ['kustomize.toolkit.fluxcd.io/Kustomization', (r) => stringOf(specOf(r).targetNamespace)],
  ['argoproj.io/Application', (r) => stringOf(objectOf(specOf(r).destination)?.namespace)],
];

/** Namespaces that a chart is installed into by an object of the files, and the assumed one where objects of the files place others. */
export const openNamespaces = perCatalog((catalog): ReadonlySet<string> => {
  const found = Object.entries(CHARTS).flatMap(([kind, namespaceOf]) => catalog.ofKind(kind).map(namespaceOf));
  const placed = PLACED.flatMap(([kind, namespaceOf]) => catalog.ofKind(kind).map(namespaceOf)).some(Boolean);
  return new Set([...found.filter((namespace) => namespace !== undefined), ...(placed ? [ASSUMED_NAMESPACE] : [])]);
}, sameSet);

/** Kind → the name of the Secret that its controller writes into the namespace of the object. */
const SECRETS: Readonly<Record<string, (resource: Resource) => string | undefined>> = {
  'cert-manager.io/Certificate': (r) => stringOf(specOf(r).secretName),
  'external-secrets.io/ExternalSecret': (r) => stringOf(objectOf(specOf(r).target)?.name) || r.name,
  'external-secrets.io/ClusterExternalSecret': (r) => stringOf(specOf(r).externalSecretName) || r.name,
  'bitnami.com/SealedSecret': (r) => r.name,
  'onepassword.com/OnePasswordItem': (r) => r.name,
  'secrets.hashicorp.com/VaultStaticSecret': (r) => stringOf(objectOf(specOf(r).destination)?.name),
  'secrets.hashicorp.com/VaultPKISecret': (r) => stringOf(objectOf(specOf(r).destination)?.name),
};

/** `namespace/name`; `name` alone where the file of its maker leaves the namespace to whoever applies it. */
const writtenSecrets = perCatalog(
  (catalog): ReadonlySet<string> =>
    new Set(
      Object.entries(SECRETS).flatMap(([kind, nameOf]) =>
        catalog.ofKind(kind).map((r) => `${isWithoutNamespace(r) ? '' : `${r.namespace}/`}${nameOf(r) ?? ''}`),
      ),
    ),
  sameSet,
);

/** Whether a controller may write it: by an object of the files that names it, or with a chart that is installed into its namespace. */
export const mayBeWritten = (catalog: Catalog, namespace: string, name: string): boolean =>
  openNamespaces(catalog).has(namespace) ||
  writtenSecrets(catalog).has(`${namespace}/${name}`) ||
  writtenSecrets(catalog).has(name);

/** Whether a Secret does not exist: the files hold others of its namespace and not this one, and no controller may write it. */
export const isSecretMissing = (catalog: Catalog, namespace: string, name: string): boolean =>
  !catalog.find('/Secret', namespace, name) &&
  catalog.ofKind('/Secret').some((secret) => secret.namespace === namespace) &&
  !mayBeWritten(catalog, namespace, name);
