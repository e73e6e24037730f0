// HTTPRoutes that Kong's ingress controller takes, with the hosts and schemes that their Gateways leave them: getSupportedGatewayForRoute
// and filterHostnames in internal/controllers/gateway/route_utils.go, protocolsFromHTTPRoutesGatewayListeners in
// internal/dataplane/translator/subtranslator/httproute.go (Kong/kubernetes-ingress-controller 3.5). Listeners count as programmed.

import {
  type Assumption,
  formatResource,
  type JsonObject,
  type Origin,
  originOf,
  type Resource,
  type Unsupported,
} from '../../../model/index.js';
import { allowedNamespaces, isAllowed } from '../../../resources/allowed-namespaces.js';
import type { Catalog } from '../../../resources/catalog.js';
import { numberOf, objectOf, objectsOf, specOf, stringOf, stringsOf } from '../../../resources/fields.js';
import type { ReadNote } from '../../dialect.js';
import { gatewayOwner, ownsGatewayObject } from '../../gateway-owner.js';
import type { KongCertificate } from '../entities.js';

const GROUP = 'gateway.networking.k8s.io';
export const HTTP_ROUTE = `${GROUP}/HTTPRoute`;

export interface AttachedRoute {
  readonly resource: Resource;
  /** Empty: any host. */
  readonly hostnames: readonly string[];
  /** `http` and `https`, as the listeners have them. */
  readonly protocols: readonly string[];
}

/** A Gateway that a parentRef names, and the listener that it is limited to. */
interface Parent {
  readonly gateway: Resource;
  readonly section: string | undefined;
  readonly accepted: boolean;
}

export const kongGateways = (catalog: Catalog): readonly Resource[] =>
  catalog.ofKind(`${GROUP}/Gateway`).filter((gateway) => gatewayOwner(gateway, catalog)?.dialect === 'kong');

export function attachedRoutes(catalog: Catalog, notes: ReadNote[]): readonly AttachedRoute[] {
  return catalog.ofKind(HTTP_ROUTE).flatMap((resource): AttachedRoute[] => {
    const refs = objectsOf(specOf(resource).parentRefs);
    const parents = refs.flatMap((ref, i) =>
      parentOf(ref, originOf(resource, 'spec', 'parentRefs', i), catalog, notes),
    );
    if (parents.length === 0) return [];
    const foreign = refs.findIndex((ref) => (stringOf(ref.kind) ?? 'Gateway') !== 'Gateway');
    if (foreign >= 0) {
      const message = `a parent of kind ${stringOf(refs[foreign]?.kind)}: Kong's controller leaves the whole route out`;
      notes.push({ code: 'kong-parent', message, origin: originOf(resource, 'spec', 'parentRefs', foreign) });
      return [];
    }
    const hostnames = parents.some(({ accepted }) => accepted) ? hostnamesOf(resource, parents) : undefined;
    return hostnames ? [{ resource, hostnames, protocols: protocolsFor(resource, catalog) }] : [];
  });
}

function parentOf(ref: JsonObject, origin: Origin, catalog: Catalog, notes: ReadNote[]): Parent[] {
  const { resource } = origin;
  const gateway = gatewayNamed(ref, resource, catalog);
  if (!gateway || gatewayOwner(gateway, catalog)?.dialect !== 'kong') return [];
  const section = stringOf(ref.sectionName) || undefined;
  const denials = listenersOf(gateway).map((listener) => denial(ref, resource, { gateway, listener, catalog }));
  const accepted = denials.some((reason) => reason === undefined);
  if (!accepted) {
    const why = [...new Set(denials)].join('; ') || 'it has no listeners';
    const message = `${formatResource(resource)} does not attach to Gateway ${gateway.namespace}/${gateway.name}: ${why}`;
    notes.push({ code: 'route-not-attached', message, origin, hosts: stringsOf(specOf(resource).hostnames) });
  }
  return [{ gateway, section, accepted }];
}

function gatewayNamed(ref: JsonObject, route: Resource, catalog: Catalog): Resource | undefined {
  return catalog.find(`${GROUP}/Gateway`, stringOf(ref.namespace) ?? route.namespace, stringOf(ref.name) ?? '');
}

const listenersOf = (gateway: Resource): readonly JsonObject[] => objectsOf(specOf(gateway).listeners);

interface At {
  readonly gateway: Resource;
  readonly listener: JsonObject;
  readonly catalog: Catalog;
}

/** Why the listener does not take the route; undefined: it does. */
function denial(ref: JsonObject, route: Resource, { gateway, listener, catalog }: At): string | undefined {
  const name = stringOf(listener.name) ?? '';
  const kinds = objectsOf(objectOf(listener.allowedRoutes)?.kinds);
  if (
    !isAllowed(allowedNamespaces(listener, gateway.namespace, catalog), route.namespace) ||
    (kinds.length > 0 && !kinds.some((kind) => stringOf(kind.kind) === 'HTTPRoute'))
  )
    return `listener ${name} does not allow it`;
  const section = stringOf(ref.sectionName) || name;
  if (section !== name) return `it has no listener ${section}`;
  const port = numberOf(ref.port);
  if (port !== undefined && port !== listener.port) return `it has no listener on port ${port}`;
  const mode = stringOf(objectOf(listener.tls)?.mode) ?? 'Terminate';
  if (!['HTTP', 'HTTPS'].includes(stringOf(listener.protocol) ?? '') || mode !== 'Terminate')
    return `listener ${name} is for other protocols`;
  const own = stringOf(listener.hostname) ?? '';
  const names = stringsOf(specOf(route).hostnames);
  return own === '' || names.length === 0 || names.some((host) => covers(own, host) || covers(host, own))
    ? undefined
    : `no host of it is one of listener ${name}`;
}

/** Whether the host, or all that the wildcard stands for, is one of the mask: any number of labels. */
const covers = (mask: string, host: string): boolean =>
  mask === host || (mask.startsWith('*.') && host.endsWith(mask.slice(1)) && host.length > mask.length - 1);

/** Undefined: none is left. An HTTPRoute without hosts has those of all listeners, if all have one. */
function hostnamesOf(route: Resource, parents: readonly Parent[]): readonly string[] | undefined {
  const listeners = parents.flatMap(({ gateway, section }) =>
    listenersOf(gateway).filter(({ name }) => section === undefined || name === section),
  );
  const own = (listener: JsonObject): string => stringOf(listener.hostname) ?? '';
  const written = stringsOf(specOf(route).hostnames);
  if (written.length === 0) {
    const named = listeners.filter(({ protocol }) => ['HTTP', 'HTTPS', 'TLS'].includes(stringOf(protocol) ?? ''));
    return named.some((listener) => listener.hostname === undefined) ? [] : named.map(own);
  }
  const left = written.flatMap((host) => {
    const listener = listeners.find((l) => own(l) === '' || covers(own(l), host) || covers(host, own(l)));
    if (!listener) return [];
    return [own(listener) === '' || covers(own(listener), host) ? host : own(listener)];
  });
  return left.length === 0 ? undefined : left;
}

/** Of every Gateway that it names, whoever serves it; none: Kong's own default. */
function protocolsFor(route: Resource, catalog: Catalog): readonly string[] {
  const words = objectsOf(specOf(route).parentRefs).flatMap((ref) => {
    const gateway = gatewayNamed(ref, route, catalog);
    const section = stringOf(ref.sectionName);
    return (gateway ? listenersOf(gateway) : [])
      .filter(({ name }) => section === undefined || name === section)
      .flatMap(({ protocol }) => (protocol === 'HTTP' ? ['http'] : protocol === 'HTTPS' ? ['https'] : []));
  });
  return words.length === 0 ? ['http', 'https'] : [...new Set(words)].sort();
}

/** Kinds of routes that Kong's controller takes too, and that are not read. */
const OTHER_KINDS = ['GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'];

export function otherRoutes(catalog: Catalog): readonly Unsupported[] {
  return OTHER_KINDS.flatMap((kind) => catalog.ofKind(`${GROUP}/${kind}`))
    .filter((resource) => ownsGatewayObject('kong', resource, catalog))
    .map((resource) => ({
      feature: `kong.${resource.kind.toLowerCase()}`,
      detail: `${resource.kind}s of Kong's Gateways are not read: which requests it takes is not known`,
      effect: 'routing',
      origin: originOf(resource),
    }));
}

/** Classes that nothing in the files says whose they are. */
export function classAssumptions(gateways: readonly Resource[], catalog: Catalog): readonly Assumption[] {
  const [first, ...more] = gateways.filter((gateway) => gatewayOwner(gateway, catalog)?.guessed);
  if (!first) return [];
  const name = stringOf(specOf(first).gatewayClassName);
  const which = more.length === 0 ? formatResource(first) : `${more.length + 1} Gateways`;
  return [
    {
      code: 'gateway-class',
      message: `${which} of class ${name} ${more.length === 0 ? 'is' : 'are'} read as Kong would: the files do not hold the GatewayClass`,
      hint: 'add the GatewayClass to the files: its controllerName decides',
      origin: originOf(first, 'spec', 'gatewayClassName'),
    },
  ];
}

/** Of listeners for HTTPS, each for its host. */
export const gatewayCertificates = (catalog: Catalog): readonly KongCertificate[] =>
  kongGateways(catalog).flatMap((gateway) =>
    listenersOf(gateway).flatMap((listener, i) =>
      objectsOf(objectOf(listener.tls)?.certificateRefs).map((ref, j) => ({
        hosts: [stringOf(listener.hostname) || '*'],
        credential: { namespace: stringOf(ref.namespace) ?? gateway.namespace, name: stringOf(ref.name) ?? '' },
        origin: originOf(gateway, 'spec', 'listeners', i, 'tls', 'certificateRefs', j),
      })),
    ),
  );
