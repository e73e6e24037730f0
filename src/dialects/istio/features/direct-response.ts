// Answers that the gateway gives by itself: ApplyDirectResponse in pilot/pkg/networking/core/route/route.go.

import { Buffer } from 'node:buffer';
import type { DirectResponse, JsonObject } from '../../../model/index.js';
import { numberOf, objectOf, stringOf } from '../../../resources/fields.js';

export function directResponse(value: JsonObject): DirectResponse {
  const body = objectOf(value.body);
  const bytes = stringOf(body?.bytes);
  const text = stringOf(body?.string) ?? (bytes === undefined ? undefined : Buffer.from(bytes, 'base64').toString());
  return {
    kind: 'direct-response',
    status: numberOf(value.status) ?? 0,
    ...(text === undefined ? {} : { body: text }),
  };
}
