// What controllers would write into the `status` of the objects, before anything is applied.

import { readers } from '../dialects/readers.js';
import { isClusterScoped } from '../dialects/registry.js';
import {
  isRefusal,
  type JsonObject,
  type ListenerStatus,
  type ObjectStatus,
  type ParentStatus,
  type Resource,
  type StatusCondition,
} from '../model/index.js';
import { type LoadedConfig, requireReadable } from './load.js';

/** Objects with nothing but their names and `status`, as `kubectl get -o json` lists them. Times are left out: nothing was applied. */
export interface StatusList {
  readonly apiVersion: 'v1';
  readonly kind: 'List';
  readonly items: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly namespace?: string; readonly name: string };
    readonly status: JsonObject;
  }[];
}

/** By the implementation that `config` was loaded with. Throws CannotRunError where a document could not be read. */
export const status = (config: LoadedConfig): StatusList => statusList(statusesOf(config));

/** The same with the place that each condition is about. */
export function statusesOf({ sources, catalog, options }: LoadedConfig): readonly ObjectStatus[] {
  requireReadable(sources);
  return readers().flatMap((d) => d.statuses?.(catalog, options) ?? []);
}

export const statusList = (statuses: readonly ObjectStatus[]): StatusList => ({
  apiVersion: 'v1',
  kind: 'List',
  items: statuses.map(({ resource, conditions, listeners, attachedListenerSets, addresses, parents, ancestors }) => {
    const { apiVersion, kind, namespace, name } = resource;
    const of = (list: readonly StatusCondition[]) => list.map((c) => written(c, resource));
    return {
      apiVersion,
      kind,
      metadata: isClusterScoped(resource) ? { name } : { namespace, name },
      status: {
        ...(conditions && { conditions: of(conditions) }),
        ...(listeners && { listeners: listeners.map((l) => listener(l, of(l.conditions))) }),
        ...(addresses && { addresses: addresses.map((a) => ({ ...a })) }),
        ...(attachedListenerSets === undefined ? {} : { attachedListenerSets }),
        ...(parents && { parents: reported(parents).map((p) => ({ parentRef: p.reference, ...by(p, of) })) }),
        ...(ancestors && { ancestors: reported(ancestors).map((p) => ({ ancestorRef: p.reference, ...by(p, of) })) }),
      },
    };
  }),
});

type Written = { readonly [key: string]: string | number };

function written({ type, status: holds, reason, message }: StatusCondition, { object }: Resource): Written {
  const generation = (object.metadata as JsonObject | undefined)?.generation;
  const observed = typeof generation === 'number' ? { observedGeneration: generation } : {};
  return { type, status: holds ? 'True' : 'False', reason, message, ...observed };
}

function listener(
  { name, attachedRoutes, supportedKinds }: ListenerStatus,
  conditions: readonly Written[],
): JsonObject {
  const kinds = supportedKinds.map((kind) => {
    const slash = kind.indexOf('/');
    return { group: kind.slice(0, slash), kind: kind.slice(slash + 1) };
  });
  return { name, ...(attachedRoutes === undefined ? {} : { attachedRoutes }), supportedKinds: kinds, conditions };
}

/** Of parents that nobody known serves there is no entry. */
const reported = (parents: readonly ParentStatus[]) => parents.filter((p) => p.conditions.length > 0);

const by = ({ controllerName, conditions }: ParentStatus, of: (list: readonly StatusCondition[]) => Written[]) => ({
  controllerName,
  conditions: of(conditions),
});

/** No condition says no, and each parent has some. */
export const allAccepted = (statuses: readonly ObjectStatus[]): boolean =>
  statuses.every(({ conditions = [], listeners = [], parents = [], ancestors = [] }) => {
    const places = [...listeners, ...parents, ...ancestors].map((p) => p.conditions);
    return places.every((p) => p.length > 0) && ![conditions, ...places].flat().some(isRefusal);
  });
