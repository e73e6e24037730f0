// Why a part of a route or listener is not programmed, in the words of the status conditions that Istio sets
// (pilot/pkg/config/kube/gateway/conditions.go, 2026-08-22).

import type { Origin } from '../../../model/index.js';

export type ErrorReason =
  | 'BackendNotFound'
  | 'InvalidKind'
  | 'RefNotPermitted'
  | 'InvalidDestination'
  | 'InvalidFilter'
  | 'InvalidConfiguration'
  | 'InvalidCertificateRef'
  | 'InvalidClientCertificateRef'
  | 'InvalidCACertificateRef'
  | 'InvalidCACertificateKind'
  | 'InvalidParameters'
  | 'TargetNotFound'
  | 'Conflicted'
  | 'Invalid'
  | 'UnsupportedAddress'
  | 'AddressNotUsable'
  | 'DeprecatedField'
  | 'UnsupportedProtocol';

export interface ConfigError {
  readonly reason: ErrorReason;
  readonly message: string;
  readonly origin: Origin;
}

/** A backend that cannot be used answers 500 in its share of the requests; the rest of the route works. */
export const isInvalidBackend = (error: ConfigError): boolean =>
  error.reason === 'BackendNotFound' || error.reason === 'InvalidKind' || error.reason === 'RefNotPermitted';
