// What routes are attached to that the files do not hold: a Gateway that another repository has. It can be assumed; without that nothing
// can be said of what these routes answer.

import type { Assumption, JsonObject, Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import type { AssumedGateway, Parent, Reader } from './dialect.js';
import { readers } from './readers.js';

/** Of all dialects. */
export const parentsIn = (catalog: Catalog): readonly Parent[] =>
  readers().flatMap((reader) => reader.parents?.(catalog) ?? []);

/** Gateways that routes name and the files do not hold, each once, in reading order. */
export function missingGateways(catalog: Catalog): AssumedGateway[] {
  const missing = new Map<string, AssumedGateway>();
  for (const { gateway, found } of parentsIn(catalog)) if (gateway && !found) missing.set(keyOf(gateway), gateway);
  return [...missing.values()];
}

export const keyOf = ({ namespace, name }: Pick<AssumedGateway, 'namespace' | 'name'>): string =>
  `${namespace}/${name}`;

/** The gateways as objects of the dialects whose routes name them; of none: of the first dialect that has gateways. */
export function assumedResources(catalog: Catalog, assumed: readonly AssumedGateway[]): Resource[] {
  if (assumed.length === 0) return [];
  const able = readers().filter(
    (d): d is Reader & Required<Pick<Reader, 'gatewayObject'>> => d.gatewayObject !== undefined,
  );
  const named = new Map(
    able.map((d) => [
      d,
      new Set((d.parents?.(catalog) ?? []).flatMap(({ gateway }) => (gateway ? [keyOf(gateway)] : []))),
    ]),
  );
  return assumed
    .flatMap((gateway) => {
      const naming = able.filter((d) => named.get(d)?.has(keyOf(gateway)));
      return (naming.length > 0 ? naming : able.slice(-1)).map((d) => d.gatewayObject(gateway));
    })
    .map((object, i) => assumedResource(object, orderAfter(catalog) + i));
}

/** The `order` of an object that is added to those of the files. */
export const orderAfter = (catalog: Catalog): number =>
  catalog.all.reduce((most, r) => Math.max(most, r.order), -1) + 1;

export const assumptionsOf = (assumed: readonly AssumedGateway[]): Assumption[] =>
  assumed.map(({ namespace, name, hosts }) => ({
    code: 'gateway',
    message: `Gateway ${namespace}/${name} serves HTTP on port 80 and HTTPS on port 443 for ${hosts ? hosts.join(', ') : 'all hosts'}`,
    hint: `--assume-gateway ${namespace}/${name}=HOST,… limits its hosts; add its file for its exact settings`,
  }));

/** As if it had been read from a file of this text. */
export function assumedResource(object: JsonObject, order: number): Resource {
  const { apiVersion, kind, metadata } = object as {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace: string };
  };
  const [group = '', version = ''] = apiVersion.split('/');
  return {
    ...{ apiVersion, group, version, kind, order, object },
    name: metadata.name,
    namespace: metadata.namespace,
    labels: {},
    annotations: {},
    document: { file: '<assumed>', startLine: 1, text: JSON.stringify(object, null, 2) },
    base: [],
    assumed: true,
  };
}
