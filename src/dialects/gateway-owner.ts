// Whose Gateways and routes of the Gateway API are: those of classes whose controller a dialect has as its own are read by that dialect,
// all others by the dialect of the Gateway API.

import type { DialectName, Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { objectsOf, specOf, stringOf } from '../resources/fields.js';
import { profiles } from './profiles.gen.js';

const GROUP = 'gateway.networking.k8s.io';

export interface GatewayOwner {
  readonly dialect: DialectName;
  /** The files do not hold the GatewayClass: its name says whose it is. */
  readonly guessed?: true;
}

/** The dialect of `--class-semantics`, where its controller serves Gateways. */
export const gatewaysOf = (classSemantics: string | undefined): DialectName | undefined =>
  profiles.find(({ ingress, gateways }) => gateways && ingress?.word === classSemantics)?.name;

/** What was asked for decides, then the controller of the GatewayClass, then the class's name; undefined: no dialect claims it. */
export function gatewayOwner(
  gateway: Resource,
  catalog: Catalog,
  asked = catalog.gatewaysOf,
): GatewayOwner | undefined {
  if (asked !== undefined) return { dialect: asked };
  const className = stringOf(specOf(gateway).gatewayClassName);
  if (className === undefined) return undefined;
  const declared = catalog.ofKind(`${GROUP}/GatewayClass`).find(({ name }) => name === className);
  if (declared) {
    const dialect = classOwner(declared);
    return dialect === undefined ? undefined : { dialect };
  }
  const named = profiles.find(({ gateways }) => gateways?.className === className);
  return named && { dialect: named.name, guessed: true };
}

const classOwner = (resource: Resource): DialectName | undefined => {
  const controller = stringOf(specOf(resource).controllerName);
  return profiles.find(({ gateways }) => controller !== undefined && gateways?.isController(controller))?.name;
};

/** Whether an object of the Gateway API is the dialect's: a class, a Gateway, or a route that is attached to one. */
export function ownsGatewayObject(
  dialect: DialectName,
  resource: Resource,
  catalog: Catalog,
  asked = catalog.gatewaysOf,
): boolean {
  const { group, kind } = resource;
  if (group !== GROUP) return false;
  if (kind === 'GatewayClass') return (asked ?? classOwner(resource)) === dialect;
  if (kind === 'Gateway') return gatewayOwner(resource, catalog, asked)?.dialect === dialect;
  return objectsOf(specOf(resource).parentRefs).some((ref) => {
    const name = stringOf(ref.name) ?? '';
    const parent = catalog.find(`${GROUP}/Gateway`, stringOf(ref.namespace) ?? resource.namespace, name);
    return parent !== undefined && gatewayOwner(parent, catalog, asked)?.dialect === dialect;
  });
}
