// Namespaces that a file leaves open.

import type { Resource } from '../model/index.js';
import { objectOf, stringOf } from './fields.js';

/** Where an object is put that names no namespace. */
export const ASSUMED_NAMESPACE = 'default';

/** The file names no namespace for the object, and nobody else did: `kubectl apply -n` decides. */
export const isWithoutNamespace = (resource: Resource | undefined): boolean =>
  resource !== undefined &&
  resource.namespace === ASSUMED_NAMESPACE &&
  !stringOf(objectOf(resource.object.metadata)?.namespace);
