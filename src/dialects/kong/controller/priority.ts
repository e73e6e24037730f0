// The priority that the controller gives to routes of expressions: calculateIngressRoutePriorityTraits and EncodeToPriority in
// internal/dataplane/translator/subtranslator/ingress_atc.go (Kong/kubernetes-ingress-controller 3.5).

import { greatest, own, type Resource } from '../../../model/index.js';
import type { IngressPath } from '../../../resources/ingress.js';
import { annotation, headersOf, listOf } from './annotations.js';

const INGRESS_BITS = 3n << 44n;

export function ingressPriority(paths: readonly IngressPath[], host: string, resource: Resource): bigint {
  const marker = own(resource.annotations, 'konghq.com/regex-prefix') || '/~';
  const hosts = [...(host === '' ? [] : [host]), ...listOf(annotation(resource, 'host-aliases'))];
  const headers = headersOf(resource);
  const fields = [
    paths.length > 0,
    hosts.length > 0,
    headers.length > 0,
    listOf(annotation(resource, 'methods')).length > 0,
    listOf(annotation(resource, 'snis')).length > 0,
  ].filter(Boolean).length;
  const traits = paths.map((path) => traitsOf(path, marker));
  const length = Math.min(
    greatest(
      traits.map((t) => t.length),
      0,
    ),
    0xffff,
  );
  const regex = traits.some((t) => t.regex);
  const plain = hosts.length > 0 && !hosts.some((name) => name.startsWith('*'));
  return (
    BigInt(length) +
    (regex ? 1n << 16n : 0n) +
    (plain ? 1n << 32n : 0n) +
    (BigInt(Math.min(headers.length, 255)) << 33n) +
    (BigInt(fields) << 41n) +
    INGRESS_BITS
  );
}

/** Lengths count bytes, as Go's len. */
function traitsOf(entry: IngressPath, marker: string): { readonly length: number; readonly regex: boolean } {
  const path = (entry.path || '/').replace(/\/{2,}/g, '/');
  if (entry.pathType === 'Exact') return { regex: true, length: 1 + Buffer.byteLength(path.replace(/^\/+/, '')) };
  if (entry.pathType === 'Prefix') {
    const base = path.replace(/^\/+|\/+$/g, '');
    return { regex: true, length: base === '' ? 1 : 2 + Buffer.byteLength(base) };
  }
  return path.startsWith(marker)
    ? { regex: true, length: Buffer.byteLength(path) - Buffer.byteLength(marker) }
    : { regex: false, length: Buffer.byteLength(path) };
}
