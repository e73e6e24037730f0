// Names of gRPC codes that a fault may use: pkg/util/grpc in Istio, the codes of the gRPC specification.

const NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** Of a code; undefined for one that does not exist. */
export const grpcStatusName = (code: number): string | undefined => NAMES[code];

export const GRPC_STATUS: ReadonlyMap<string, number> = new Map(NAMES.map((name, code) => [name, code]));
