// What Istio's validation says about a ServiceEntry: ValidateServiceEntry and validateWorkloadEntry of
// pkg/config/validation/validation.go, and when addresses are allocated: pilot/pkg/networking/serviceentry/ip_autoallocation.go
// (source of 2026-08-22).

import type { JsonObject } from '../../../model/index.js';
import { serviceEntry } from '../../examples.js';
import { given, list, object, text } from '../values.js';

export const REFUSED = "Istio's webhook refuses the ServiceEntry.";

export const PORTS = 'ports: [{number: 443, name: tls, protocol: TLS}]';

export const TCP = 'ports: [{number: 5432, name: db, protocol: TCP}]';

export const entry = (rest: string): string => serviceEntry(`hosts: [partner.example.com]\n${rest}`);

export const resolution = (spec: JsonObject): string => text(spec.resolution) || 'NONE';

export const isDns = (spec: JsonObject): boolean =>
  resolution(spec) === 'DNS' || resolution(spec) === 'DNS_ROUND_ROBIN';

export const portsOf = (spec: JsonObject): JsonObject[] => list(spec.ports).filter(given).map(object);
