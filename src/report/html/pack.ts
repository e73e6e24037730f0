// Gateways as JSON for the page: an origin becomes its place, a virtual host that several listeners share stands once.

import {
  type EffectiveGateway,
  type FieldPath,
  type Json,
  type Origin,
  own,
  type Position,
  put,
  type Resource,
  unknownsOf,
} from '../../model/index.js';
import type { Packed, PackedGateway, PackedOrigins, PageData } from './page-data.js';

export function pack(
  gateways: readonly EffectiveGateway[],
  locate: (origin: Origin) => Position,
): Pick<PageData, 'gateways' | 'origins' | 'virtualHosts'> {
  const files = new Map<string, number>();
  const resources = new Map<Resource, number>();
  const places: [number, number, number, number, FieldPath][] = [];
  const annotations: Record<string, string>[] = [];
  const known = new Map<string, number>();
  const shared = new Map<object, number>();
  const virtualHosts: Packed[] = [];

  const numberOf = <K>(map: Map<K, number>, key: K): number => {
    const at = map.get(key) ?? map.size;
    map.set(key, at);
    return at;
  };
  const originNumber = (origin: Origin): number => {
    const resource = numberOf(resources, origin.resource);
    const key = `${resource} ${JSON.stringify(origin.path)}`;
    let number = known.get(key);
    if (number === undefined) {
      const { file, line, column } = locate(origin);
      number = places.push([resource, numberOf(files, file), line, column, origin.path]) - 1;
      known.set(key, number);
      const [metadata, field, name] = origin.path;
      if (metadata === 'metadata' && field === 'annotations' && typeof name === 'string')
        put((annotations[resource] ??= {}), name, own(origin.resource.annotations, name) ?? '');
    }
    return number;
  };
  const packed = (value: unknown): Json => {
    if (value === null || typeof value !== 'object') return (value ?? null) as Json;
    if (Array.isArray(value)) return value.map(packed);
    if (isOrigin(value)) return { $o: originNumber(value) };
    if (isVirtualHost(value)) {
      let number = shared.get(value);
      if (number === undefined) {
        number = virtualHosts.push(null) - 1;
        shared.set(value, number);
        virtualHosts[number] = fields(value);
      }
      return { $v: number };
    }
    return fields(value);
  };
  const fields = (value: object): Json =>
    Object.fromEntries(
      Object.entries(value).flatMap(([key, v]): [string, Json][] => (v === undefined ? [] : [[key, packed(v)]])),
    );

  const packedGateways = gateways.map((gateway): PackedGateway => {
    const { id, dialect, engine, unsupported: _, podLabels: __, ...model } = gateway;
    return { id, dialect, engine, model: packed({ ...model, unsupported: unknownsOf(gateway) }) };
  });
  const origins: PackedOrigins = {
    files: [...files.keys()],
    resources: [...resources.keys()].map(({ kind, namespace, name }, i) => ({
      kind,
      namespace,
      name,
      annotations: annotations[i] ?? {},
    })),
    places,
  };
  return { gateways: packedGateways, origins, virtualHosts };
}

const isOrigin = (value: object): value is Origin =>
  'resource' in value && 'path' in value && typeof value.resource === 'object' && Array.isArray(value.path);

const isVirtualHost = (value: object): boolean => 'domains' in value && 'routes' in value;
