// What the API server says about an Ingress: k8s.io/kubernetes pkg/apis/networking/validation (1.36), ValidateIngressCreate.
// The old versions (v1beta1, extensions/v1beta1) are no longer served; the rules that they share are checked too.

import { isIP } from 'node:net';
import type { Json } from '../../../model/index.js';
import { ingress } from '../../examples.js';
import type { FieldCheck, FieldTest, Problem } from '../../rule.js';
import { at } from '../field-rule.js';
import { dns1123Subdomain, wildcardSubdomain } from '../names.js';
import { text } from '../values.js';

export const REJECTED = 'The API server refuses the Ingress.';

const KINDS = ['networking.k8s.io/Ingress', 'extensions/Ingress'];

export const on = (paths: string | readonly string[], test: FieldTest): FieldCheck[] =>
  KINDS.flatMap((kind) => at(kind, paths, test));

export const rule = (path: string, host = 'host: shop.example.com\n  ') =>
  ingress(`rules:\n- ${host}http:\n    paths:\n    - ${path}`);

export const TO_SHOP = 'backend: {service: {name: shop, port: {number: 80}}}';

export function host(value: Json): Problem {
  const name = text(value);
  if (name === '') return undefined;
  if (isIP(name)) return `"${name}" is an IP address; a host is a DNS name`;
  return name.includes('*') ? wildcardSubdomain(name) : dns1123Subdomain(name);
}
