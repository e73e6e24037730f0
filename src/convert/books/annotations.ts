// What it means that nobody here reads an annotation.

import type { DialectName, Resource } from '../../model/index.js';
import { isOfController, isOfTool } from '../../resources/annotation-owner.js';
import type { FeatureKey } from '../features/index.js';

/** `reader`: the dialect that reads the object; `ingress` is that of controllers that nobody here knows. */
export function unreadAnnotation(
  { kind }: Resource,
  name: string,
  reader: DialectName | undefined,
): readonly [FeatureKey, string] {
  if (isOfTool(name)) return ['field.no-effect', 'is read by tools that manage objects, not by a gateway'];
  if (kind !== 'Ingress') return ['field.not-read', 'meshgw does not read this annotation'];
  if (!isOfController(name))
    return [
      'annotation.foreign',
      'it is not read by a gateway: its reader takes it from the Ingress and has to be pointed to the new objects',
    ];
  if (reader === undefined) return ['object.not-served', 'no gateway of the files has a rule of this object'];
  if (reader === 'ingress')
    return [
      'annotation.controller',
      'its effect in the controller of the Ingress is unknown: it may protect or change requests',
    ];
  return ['field.not-read', `the controller of the Ingress (${reader}) does not read it`];
}
