// Istio's mesh configuration: what it says about gateways. Of the files it is an object of kind MeshConfig (mesh-sources.ts), else Istio's
// own defaults count: DefaultMeshConfig in pkg/config/mesh/mesh.go. Istio source of 2026-08-22.

import { type JsonObject, type Origin, originOf, own, type Resource, type Unsupported } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, objectsOf, specOf, stringMapOf, stringOf, stringsOf } from '../../resources/fields.js';
import { perCatalog } from '../../resources/kept-answers.js';
import { meshUnknowns } from './mesh-unknowns.js';

export const MESH_KIND = 'mesh.istio.io/MeshConfig';

export interface MeshConfig {
  /** Absent: the files hold none. */
  readonly resource?: Resource;
  /** Where objects for the whole mesh are. */
  readonly rootNamespace: string;
  /** The annotation `kubernetes.io/ingress.class` of Ingresses that are Istio's. */
  readonly ingressClass: string;
  /** `OFF`: no Ingress is read. `DEFAULT`: those without a class too. */
  readonly ingressControllerMode: 'OFF' | 'DEFAULT' | 'STRICT';
  /** Labels of the gateway that Ingresses are served by. */
  readonly ingressLabels: Readonly<Record<string, string>>;
  /** Whom objects are visible to that do not say it: `*`, `.`, `~`, namespaces. */
  readonly exportTo: Readonly<Record<'virtualService' | 'destinationRule' | 'service', readonly string[]>>;
  /** Of routes that have none; absent: Istio's own. An HTTPRetry of the API. */
  readonly defaultRetries?: JsonObject;
  /** External authorization that CUSTOM policies can name. */
  readonly authorizers: ReadonlyMap<string, Authorizer>;
  /** Several CUSTOM providers work side by side at one workload. */
  readonly severalAuthorizers: boolean;
  /** What can change answers and is not modelled. */
  readonly unknown: readonly Unsupported[];
}

/** An extension provider of type envoyExtAuthzHttp or envoyExtAuthzGrpc. */
export interface Authorizer {
  readonly name: string;
  /** `envoyExtAuthzHttp` or `envoyExtAuthzGrpc`, as it is written. */
  readonly settings: JsonObject;
  /** Why Istio does not accept it and denies in its place; absent: it does. */
  readonly fault?: string;
  readonly origin: Origin;
}

/** The mesh configuration that counts; of several the first. */
export const meshConfig = perCatalog(
  (catalog): MeshConfig => read(catalog.ofKind(MESH_KIND)[0], catalog),
  // Made of objects: where those are the same ones, it is never made again.
  () => false,
);

/** A field by its name in JSON; its name in the protobuf is taken too (`ingress_class`), as jsonpb does. */
function meshField(object: JsonObject | undefined, name: string) {
  return own(object ?? {}, name) ?? own(object ?? {}, protobufName(name));
}

const protobufName = (name: string): string => name.replace(/[A-Z0-9]/g, (c) => `_${c.toLowerCase()}`);

function read(resource: Resource | undefined, catalog: Catalog): MeshConfig {
  const mesh = resource?.object;
  const text = (name: string) => stringOf(meshField(mesh, name)) || undefined;
  const exported = (name: string): readonly string[] => {
    const to = stringsOf(meshField(mesh, name));
    return to.length > 0 ? to : ['*'];
  };
  const mode = meshField(mesh, 'ingressControllerMode');
  const retries = objectOf(meshField(mesh, 'defaultHttpRetryPolicy'));
  return {
    ...(resource ? { resource } : {}),
    rootNamespace: text('rootNamespace') ?? operatorNamespace(resource, catalog) ?? 'istio-system',
    ingressClass: text('ingressClass') ?? 'istio',
    ingressControllerMode: mode === 'OFF' || mode === 'DEFAULT' ? mode : 'STRICT',
    ingressLabels: { istio: text('ingressSelector') ?? serviceLabel(text('ingressService')) },
    exportTo: {
      virtualService: exported('defaultVirtualServiceExportTo'),
      destinationRule: exported('defaultDestinationRuleExportTo'),
      service: exported('defaultServiceExportTo'),
    },
    ...(retries ? { defaultRetries: retries } : {}),
    authorizers: resource ? authorizersOf(resource) : new Map(),
    severalAuthorizers: hasPilotSwitch(catalog, 'PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS'),
    unknown: resource && !resource.assumed ? meshUnknowns(resource) : [],
  };
}

/** getIngressGatewaySelector in pilot/pkg/config/kube/ingress/gateways.go. */
const serviceLabel = (service: string | undefined): string =>
  service === undefined || service === 'istio-ingressgateway' ? 'ingressgateway' : service;

/** The operator hands its namespace on as the root namespace, where the mesh configuration has none. */
function operatorNamespace(resource: Resource | undefined, catalog: Catalog): string | undefined {
  const operator = resource && catalog.ofKind('install.istio.io/IstioOperator').find((o) => o.order === resource.order);
  if (!operator) return undefined;
  const spec = specOf(operator);
  return stringOf(objectOf(objectOf(spec.values)?.global)?.istioNamespace) ?? stringOf(spec.namespace);
}

/** processExtensionProvider in pilot/pkg/security/authz/builder/extauthz.go; a later entry of a name replaces an earlier one (ApplyMeshConfig). */
function authorizersOf(resource: Resource): Map<string, Authorizer> {
  const found = new Map<string, Authorizer>();
  const field = own(resource.object, 'extensionProviders') === undefined ? 'extension_providers' : 'extensionProviders';
  for (const [i, provider] of objectsOf(own(resource.object, field)).entries()) {
    const name = stringOf(provider.name) ?? '';
    const type = ['envoyExtAuthzHttp', 'envoyExtAuthzGrpc'].find((t) => objectOf(meshField(provider, t)));
    if (type === undefined) {
      found.delete(name);
      continue;
    }
    const settings = objectOf(meshField(provider, type))!;
    const fault = faultOf(name, settings);
    found.set(name, {
      name,
      settings: { [type]: settings },
      ...(fault === undefined ? {} : { fault }),
      origin: originOf(resource, field, i),
    });
  }
  return found;
}

/** validateProviderName and parsePort, ibid. */
function faultOf(name: string, settings: JsonObject): string | undefined {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name))
    return 'its name must be lower-case letters, digits and hyphens, at most 63';
  const port = Number(settings.port ?? 0);
  if (!(port >= 1 && port <= 65535)) return 'its port must be between 1 and 65535';
  return stringOf(settings.service) ? undefined : 'it names no service';
}

/** A switch of the control plane's environment, off by default: in the Deployment of istiod or the values of an IstioOperator. */
function hasPilotSwitch(catalog: Catalog, name: string): boolean {
  const isOn = (value: unknown): boolean => value === true || /^(1|t|true)$/i.test(String(value));
  const operators = catalog.ofKind('install.istio.io/IstioOperator').map(specOf);
  if (operators.some((spec) => isOn(own(objectOf(objectOf(objectOf(spec.values)?.pilot)?.env) ?? {}, name))))
    return true;
  return catalog
    .ofKind('apps/Deployment')
    .filter(({ labels }) => labels.app === 'istiod')
    .flatMap((d) => objectsOf(objectOf(objectOf(specOf(d).template)?.spec)?.containers))
    .flatMap((container) => objectsOf(container.env))
    .some((entry) => entry.name === name && isOn(entry.value));
}

/** Labels and namespaces of the ingress gateways that the IstioOperators of the files install. */
export const operatorGateways = (catalog: Catalog) =>
  catalog.ofKind('install.istio.io/IstioOperator').flatMap((operator) => {
    const spec = specOf(operator);
    const home = stringOf(spec.namespace) ?? meshConfig(catalog).rootNamespace;
    return objectsOf(objectOf(spec.components)?.ingressGateways)
      .filter((gateway) => gateway.enabled !== false)
      .map((gateway) => ({
        namespace: stringOf(gateway.namespace) ?? home,
        labels: { ...DEFAULT_GATEWAY_LABELS, ...stringMapOf(gateway.label) },
      }));
  });

/** Of an ingress gateway that the operator installs (operator/pkg/component, manifests/charts/gateways/istio-ingress). */
const DEFAULT_GATEWAY_LABELS = { app: 'istio-ingressgateway', istio: 'ingressgateway' };
