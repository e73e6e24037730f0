// What stands in declarative files (decK, DB-less Kong): entities at the top or inside of others (kong/db/declarative, format 3.0).

import { append, type Json, type JsonObject, type Origin, originOf, own, type Resource } from '../../../model/index.js';
import { at, objectOf, objectsOf, stringOf } from '../../../resources/fields.js';

/** An entity, the ones that it stands in by kind, and where. */
export interface Entity {
  readonly fields: JsonObject;
  readonly within: Readonly<Partial<Record<'service' | 'route' | 'consumer' | 'upstream', Entity>>>;
  readonly origin: Origin;
}

export const field = ({ fields }: Entity, name: string): Json | undefined => own(fields, name);

/** Name or id, by which others refer to it. */
const isCalled = ({ fields }: Entity, name: string): boolean =>
  stringOf(own(fields, 'name')) === name ||
  stringOf(own(fields, 'id')) === name ||
  stringOf(own(fields, 'username')) === name;

const listed = (object: JsonObject, key: string, origin: Origin, within: Entity['within']): readonly Entity[] =>
  objectsOf(own(object, key)).map((fields, i) => ({ fields, within, origin: at(origin, key, i) }));

export interface Declared {
  readonly services: readonly Entity[];
  readonly routes: readonly Entity[];
  readonly plugins: readonly Entity[];
  readonly consumers: readonly Entity[];
  readonly upstreams: readonly Entity[];
  readonly targets: readonly Entity[];
  /** Credentials by their list: `keyauth_credentials`. */
  readonly credentials: (list: string, of: Entity) => readonly Entity[];
}

export function declaredIn(files: readonly Resource[]): Declared {
  const top = (key: string): Entity[] => files.flatMap((f) => listed(f.object, key, originOf(f), {}));
  const inside = (list: readonly Entity[], kind: keyof Entity['within'], key: string): Entity[] =>
    list.flatMap((entity) => listed(entity.fields, key, entity.origin, { ...entity.within, [kind]: entity }));
  const services = top('services');
  const routes = [...inside(services, 'service', 'routes'), ...top('routes')];
  const consumers = top('consumers');
  const upstreams = top('upstreams');
  const plugins = [...inside(services, 'service', 'plugins'), ...inside(routes, 'route', 'plugins')];
  append(plugins, inside(consumers, 'consumer', 'plugins'));
  append(plugins, top('plugins'));
  return {
    ...{ services, routes, plugins, consumers, upstreams },
    targets: [...inside(upstreams, 'upstream', 'targets'), ...top('targets')],
    credentials: (list, of) => [
      ...inside([of], 'consumer', list),
      ...top(list).filter((entity) => refersTo(field(entity, 'consumer'), of)),
    ],
  };
}

/** `name`, `{name: …}`, `{id: …}`. */
export function refersTo(reference: Json | undefined, entity: Entity): boolean {
  const name = nameIn(reference);
  return name !== undefined && isCalled(entity, name);
}

export function nameIn(reference: Json | undefined): string | undefined {
  const object = objectOf(reference);
  if (!object) return stringOf(reference);
  return stringOf(own(object, 'name')) ?? stringOf(own(object, 'username')) ?? stringOf(own(object, 'id'));
}
