// Why a part of a route or listener is not programmed, in the words of the status conditions that Istio sets
// (pilot/pkg/config/kube/gateway/conditions.go, 2026-08-22); what the standard calls otherwise is in status/standard-reasons.ts.

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
  | 'IgnoredByIstio'
  | 'UnsupportedAddress'
  | 'AddressNotUsable'
  | 'AddressNotAssigned'
  | 'DeprecatedField'
  | 'UnsupportedProtocol';

export interface ConfigError {
  readonly reason: ErrorReason;
  readonly message: string;
  readonly origin: Origin;
  /** The files do not hold what it is about, and the cluster may. */
  readonly open?: true;
  /** What cannot be used is an object of another API that the route refers to. */
  readonly isExtension?: true;
}

/** A backend that cannot be used answers 500 in its share of the requests; the rest of the route works. */
export const isInvalidBackend = (error: ConfigError): boolean => INVALID_BACKENDS.includes(error.reason);

const INVALID_BACKENDS: readonly ErrorReason[] = [
  'BackendNotFound',
  'InvalidKind',
  'RefNotPermitted',
  'UnsupportedProtocol',
];
