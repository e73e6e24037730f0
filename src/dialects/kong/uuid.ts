// Ids that Kong and its controller compute from names: UUID version 5 (RFC 9562, 5.5).

import { createHash } from 'node:crypto';

function uuidV5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** go-kong's `FillID`: one namespace for all of Kong, one inside of it for each kind of entity. */
const KONG = 'fd02801f-0957-4a15-a55a-c8d9606f30b5';

export const entityId = (kind: 'routes' | 'services' | 'consumers', name: string): string =>
  uuidV5(uuidV5(KONG, kind), name);

/** Of a part of a route whose paths are of several kinds (kong/router/transform.lua). `group`: from 1. */
export const splitRouteId = (id: string, group: number): string =>
  uuidV5('7f145bf9-0dce-4f91-98eb-debbce4b9f6b', `${id}#${group}`);
