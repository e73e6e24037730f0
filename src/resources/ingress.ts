// One shape for the three served versions of Ingress: that of networking.k8s.io/v1, with origins that point at the
// fields as they were written. The mapping is the API server's own conversion (Kubernetes 1.21
// pkg/apis/networking/v1beta1/conversion.go: backend → defaultBackend, serviceName and servicePort → service.name
// and service.port.{number,name}) and its default for pathType (v1beta1/defaults.go: ImplementationSpecific).

import { type FieldPath, type Json, type JsonObject, type Origin, originOf, type Resource } from '../model/index.js';
import { objectOf, objectsOf, specOf, stringOf, stringsOf } from './fields.js';

export type PathType = 'Exact' | 'Prefix' | 'ImplementationSpecific';

export interface IngressView {
  readonly resource: Resource;
  /** `spec.ingressClassName`. */
  readonly className?: string;
  /** `kubernetes.io/ingress.class`, which the API server also sets for nobody: as written. */
  readonly classAnnotation?: string;
  readonly defaultBackend?: IngressBackend;
  readonly tls: readonly IngressTls[];
  readonly rules: readonly IngressRule[];
}

export interface IngressTls {
  readonly hosts: readonly string[];
  readonly secretName?: string;
  readonly origin: Origin;
}

export interface IngressRule {
  /** Absent or empty: every host. Not lower-cased. */
  readonly host?: string;
  /** Empty: a rule without `http` or without paths (its host goes to the default backend). */
  readonly paths: readonly IngressPath[];
  readonly origin: Origin;
  readonly hostOrigin: Origin;
}

export interface IngressPath {
  /** Absent or empty: every path. */
  readonly path?: string;
  /** A type that Kubernetes does not know counts as ImplementationSpecific. */
  readonly pathType: PathType;
  readonly backend?: IngressBackend;
  readonly origin: Origin;
  readonly pathOrigin: Origin;
}

/** A Service and its port, or a reference to another resource. */
export interface IngressBackend {
  readonly service?: { readonly name: string; readonly port?: ServicePortRef };
  readonly resource?: { readonly apiGroup?: string; readonly kind: string; readonly name: string };
  readonly origin: Origin;
  readonly nameOrigin: Origin;
  readonly portOrigin: Origin;
}

export type ServicePortRef = { readonly number: number } | { readonly name: string };

const INGRESS_KINDS = ['networking.k8s.io/Ingress', 'extensions/Ingress'] as const;

/** The group kinds under which Ingresses are found in a catalog. */
export const ingressKinds: readonly string[] = INGRESS_KINDS;

export const isIngress = (resource: Pick<Resource, 'group' | 'kind'>): boolean =>
  ingressKinds.includes(`${resource.group}/${resource.kind}`);

const views = new WeakMap<Resource, IngressView>();

/** Reads an Ingress of any served version, once. Fields of a wrong type count as absent. */
export function upgradeIngress(resource: Resource): IngressView {
  let view = views.get(resource);
  if (!view) views.set(resource, (view = readIngress(resource)));
  return view;
}

function readIngress(resource: Resource): IngressView {
  const spec = specOf(resource);
  const old = resource.version !== 'v1';
  const at = (...path: FieldPath): Origin => originOf(resource, 'spec', ...path);
  const defaultField = old ? 'backend' : 'defaultBackend';
  const backend = (written: Json | undefined, path: FieldPath): IngressBackend | undefined => {
    const value = objectOf(written);
    return value && (old ? oldBackend(value, resource, path) : newBackend(value, resource, path));
  };
  const defaultBackend = backend(spec[defaultField], ['spec', defaultField]);
  const className = stringOf(spec.ingressClassName);
  const classAnnotation = resource.annotations['kubernetes.io/ingress.class'];
  return {
    resource,
    ...(className === undefined ? {} : { className }),
    ...(classAnnotation === undefined ? {} : { classAnnotation }),
    ...(defaultBackend ? { defaultBackend } : {}),
    tls: objectsOf(spec.tls).map((entry, i) => {
      const secretName = stringOf(entry.secretName);
      return {
        hosts: stringsOf(entry.hosts),
        ...(secretName === undefined ? {} : { secretName }),
        origin: at('tls', i),
      };
    }),
    rules: objectsOf(spec.rules).map((rule, i) => {
      const host = stringOf(rule.host);
      return {
        ...(host === undefined ? {} : { host }),
        paths: objectsOf(objectOf(rule.http)?.paths).map((entry, j) => {
          const where: FieldPath = ['rules', i, 'http', 'paths', j];
          const path = stringOf(entry.path);
          const target = backend(entry.backend, ['spec', ...where, 'backend']);
          return {
            ...(path === undefined ? {} : { path }),
            pathType: pathTypeOf(stringOf(entry.pathType)),
            ...(target ? { backend: target } : {}),
            origin: at(...where),
            pathOrigin: at(...where, 'path'),
          };
        }),
        origin: at('rules', i),
        hostOrigin: at('rules', i, 'host'),
      };
    }),
  };
}

const pathTypeOf = (written: string | undefined): PathType =>
  written === 'Exact' || written === 'Prefix' ? written : 'ImplementationSpecific';

function newBackend(value: JsonObject, resource: Resource, path: FieldPath): IngressBackend {
  const service = objectOf(value.service);
  const name = stringOf(service?.name);
  const port = portOf(objectOf(service?.port));
  return {
    ...(name === undefined ? {} : { service: { name, ...(port ? { port } : {}) } }),
    ...resourceRef(value),
    origin: originOf(resource, ...path),
    nameOrigin: originOf(resource, ...path, 'service', 'name'),
    portOrigin: originOf(resource, ...path, 'service', 'port'),
  };
}

function portOf(port: JsonObject | undefined): ServicePortRef | undefined {
  const number = port?.number;
  const name = stringOf(port?.name);
  if (typeof number === 'number' && number !== 0) return { number };
  return name ? { name } : undefined;
}

function oldBackend(value: JsonObject, resource: Resource, path: FieldPath): IngressBackend {
  const name = stringOf(value.serviceName);
  const written = value.servicePort;
  const port: ServicePortRef | undefined =
    typeof written === 'number' ? { number: written } : typeof written === 'string' ? { name: written } : undefined;
  return {
    ...(name === undefined ? {} : { service: { name, ...(port ? { port } : {}) } }),
    ...resourceRef(value),
    origin: originOf(resource, ...path),
    nameOrigin: originOf(resource, ...path, 'serviceName'),
    portOrigin: originOf(resource, ...path, 'servicePort'),
  };
}

function resourceRef(value: JsonObject): Pick<IngressBackend, 'resource'> {
  const ref = objectOf(value.resource);
  const kind = stringOf(ref?.kind);
  const name = stringOf(ref?.name);
  if (kind === undefined || name === undefined) return {};
  const apiGroup = stringOf(ref?.apiGroup);
  return { resource: { ...(apiGroup === undefined ? {} : { apiGroup }), kind, name } };
}
