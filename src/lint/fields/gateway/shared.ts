// What Istio's validation says about a Gateway: ValidateGateway, validateServer, validateServerPort, validateServerBind
// and validateTLSOptions of pkg/config/validation/validation.go (source of 2026-08-22).

import type { Fix } from '../../../diagnostics/index.js';
import type { Json, JsonObject } from '../../../model/index.js';
import type { FieldCheck, FieldTest, Place, Problem } from '../../rule.js';
import { at, GATEWAY, SIDECAR } from '../field-rule.js';
import { given, list, number, object, port, protocol, text } from '../values.js';

export const REFUSED = "Istio's webhook refuses the Gateway; without the webhook the server does not work.";

/** Gateways that Istio generates from Gateway API objects may have names that users may not. */
export const generated = (resourceAnnotations: Readonly<Record<string, string>>): boolean =>
  resourceAnnotations['internal.istio.io/gateway-semantics'] === 'gateway';

/** Any field of a server that names a certificate or a key. */
export const certificateFields = ['serverCertificate', 'privateKey', 'caCertificates', 'credentialName'] as const;

export const certificateLists = ['tlsCertificates', 'credentialNames'] as const;

export const mode = (tls: JsonObject): string => text(tls.mode) || 'PASSTHROUGH';

export const passesThrough = (tls: JsonObject): boolean =>
  mode(tls) === 'PASSTHROUGH' || mode(tls) === 'AUTO_PASSTHROUGH';

const terminates = (tls: JsonObject): boolean => ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'].includes(mode(tls));

const fetched = (tls: JsonObject): boolean => text(tls.credentialName) !== '' || list(tls.credentialNames).length > 0;

export function certificateConflicts(value: Json): Problem[] {
  const tls = object(value);
  if (mode(tls) === 'ISTIO_MUTUAL')
    return [
      ...certificateFields.filter((f) => text(tls[f])),
      ...certificateLists.filter((f) => list(tls[f]).length),
    ].map((field) => ({ message: `ISTIO_MUTUAL takes its certificate from the mesh; remove ${field}`, path: [field] }));
  const problems: Problem[] = [];
  const sources = [
    text(tls.serverCertificate) && text(tls.privateKey) ? 'serverCertificate with privateKey' : '',
    text(tls.credentialName) ? 'credentialName' : '',
    list(tls.credentialNames).length ? 'credentialNames' : '',
    list(tls.tlsCertificates).length ? 'tlsCertificates' : '',
  ].filter(Boolean);
  if (sources.length > 1) problems.push(`only one source of certificates is allowed, not ${sources.join(' and ')}`);
  if (terminates(tls) && fetched(tls)) return problems;
  if (text(tls.caCrl)) {
    if (text(tls.credentialName))
      problems.push({ message: 'with credentialName the revocation list belongs in the Secret', path: ['caCrl'] });
    if (mode(tls) === 'SIMPLE')
      problems.push({ message: 'SIMPLE requests no client certificate, so caCrl has no effect', path: ['caCrl'] });
  }
  return problems;
}

export function missingCertificates(value: Json): Problem[] {
  const tls = object(value);
  if (!terminates(tls) || fetched(tls)) return [];
  const problems: Problem[] = [];
  const named = mode(tls);
  if (named !== 'SIMPLE' && !text(tls.caCertificates))
    problems.push(`${named} needs caCertificates (or a credentialName) to check the clients' certificates`);
  const certificates = list(tls.tlsCertificates);
  for (const pair of certificates.length ? certificates.map(object) : [tls]) {
    if (!text(pair.serverCertificate)) problems.push(`${named} needs a serverCertificate (or a credentialName)`);
    if (!text(pair.privateKey)) problems.push(`${named} needs a privateKey (or a credentialName)`);
  }
  return problems;
}

/** Of a Gateway's server and of a Sidecar's ingress listener alike. */
export const onTls = (field: string, test: FieldTest): FieldCheck[] => [
  ...at(GATEWAY, `spec.servers[].tls${field}`, test),
  ...at(SIDECAR, `spec.ingress[].tls${field}`, test),
];

/** A server's port that is valid by itself: only then Istio compares it with `tls`. */
export const portFits = (value: Json): boolean => {
  const p = object(value);
  return (
    given(value) &&
    protocol(p.protocol) !== undefined &&
    port(p.number ?? 0) === undefined &&
    !(number(p.targetPort) > 0) &&
    text(p.name) !== ''
  );
};

/** Removes what has no effect. */
export const removal = ({ resource, path }: Place, ...more: string[]): Fix => ({
  description: `remove ${more.at(-1) ?? path.at(-1)}`,
  edits: [{ op: 'remove', origin: { resource, path: [...path, ...more] } }],
});

export const http = 'port: {number: 80, name: http, protocol: HTTP}\nhosts: [shop.example.com]';

export const https = 'port: {number: 443, name: https, protocol: HTTPS}\nhosts: [shop.example.com]';

export const simple = `${https}\ntls: {mode: SIMPLE, credentialName: shop-cert}`;
