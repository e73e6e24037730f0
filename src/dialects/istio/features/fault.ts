// Injected delays and aborts: TranslateFault in pilot/pkg/networking/core/route/route.go.

import type { Fault } from '../../../model/index.js';
import { durationMsOf, type Field, numberOf, objectOf, stringOf } from '../../../resources/fields.js';
import { GRPC_STATUS } from '../../../resources/grpc-status.js';

export function faultOf(field: Field | undefined): Fault | undefined {
  const value = objectOf(field?.value);
  if (!field || !value) return undefined;
  const delay = objectOf(value.delay);
  const abort = objectOf(value.abort);
  const ms = durationMsOf(delay?.fixedDelay);
  const status = numberOf(abort?.httpStatus);
  const grpc = GRPC_STATUS.get(stringOf(abort?.grpcStatus) ?? '');
  // Without a percentage nothing is injected: the integer `percent` is 0 then, and Envoy's fraction too.
  const abortPercent = percentOf(abort?.percentage) ?? 0;
  const fault: Fault = {
    ...(ms === undefined
      ? {}
      : { delay: { ms, percent: percentOf(delay?.percentage) ?? numberOf(delay?.percent) ?? 0 } }),
    ...(status !== undefined
      ? { abort: { status, percent: abortPercent } }
      : grpc !== undefined
        ? { abort: { status: grpc, percent: abortPercent, grpc: true } }
        : {}),
    origin: field.origin,
  };
  return fault.delay || fault.abort ? fault : undefined;
}

/** A Percent of the API, 0..100, in the millionths that Envoy counts. */
export function percentOf(value: Field['value'] | undefined): number | undefined {
  const percent = objectOf(value);
  return percent === undefined ? undefined : Math.floor((numberOf(percent.value) ?? 0) * 10_000 + 1e-6) / 10_000;
}
