// What the API server says about a Service: k8s.io/kubernetes pkg/apis/core/validation (1.36), ValidateServiceCreate, after
// the defaults of the API (type ClusterIP, protocol TCP, sessionAffinity None).

import type { Json, JsonObject } from '../../../model/index.js';
import { list, text } from '../values.js';

export const SERVICE = '/Service';

export const REJECTED = 'The API server refuses the Service.';

export const PORTS = 'ports: [{name: http, port: 80}]';

export const typeOf = (spec: JsonObject): string => text(spec.type) || 'ClusterIP';

export const headless = (spec: JsonObject): boolean => spec.clusterIP === 'None' || list(spec.clusterIPs)[0] === 'None';

export const oneOf = (value: Json, allowed: readonly string[]): string | undefined =>
  value === '' || allowed.includes(text(value)) ? undefined : `"${text(value)}" is not one of ${allowed.join(', ')}`;
