// What a rule has beside its action: changes of headers, faults, CORS.

import { type HeaderOps, type Route, withoutUncomputed } from '../../../model/index.js';
import { durationText } from '../../../resources/fields.js';
import { grpcStatusName } from '../../../resources/grpc-status.js';
import { asRegex } from './string-match.js';

type Fields = Record<string, unknown>;

/** `{headers: {request, response}}`, or nothing. */
export function headers(request: HeaderOps | undefined, response: HeaderOps | undefined, host?: string): Fields {
  const req = operations(withoutUncomputed(request));
  if (host !== undefined) req.set = { ...((req.set as Fields | undefined) ?? {}), ':authority': host };
  const res = operations(response);
  const out = {
    ...(Object.keys(req).length > 0 ? { request: req } : {}),
    ...(Object.keys(res).length > 0 ? { response: res } : {}),
  };
  return Object.keys(out).length > 0 ? { headers: out } : {};
}

function operations(ops: HeaderOps | undefined): Fields {
  const out: Fields = {};
  if (ops?.set?.length) out.set = Object.fromEntries(ops.set);
  if (ops?.add?.length) out.add = Object.fromEntries(ops.add);
  if (ops?.remove?.length) out.remove = [...ops.remove];
  return out;
}

export function writeFault(route: Route): Fields {
  const { fault } = route;
  if (!fault) return {};
  const out: Fields = {};
  if (fault.delay) out.delay = { fixedDelay: durationText(fault.delay.ms), percentage: { value: fault.delay.percent } };
  if (fault.abort) {
    const { status, grpc, percent } = fault.abort;
    out.abort = {
      ...(grpc ? { grpcStatus: grpcStatusName(status) ?? 'UNKNOWN' } : { httpStatus: status }),
      percentage: { value: percent },
    };
  }
  return { fault: out };
}

export function writeCors(route: Route): Fields {
  const { cors } = route;
  if (!cors) return {};
  const list = (text: string | undefined) =>
    text === undefined || text === '' ? undefined : text.split(',').map((s) => s.trim());
  const fields = {
    allowOrigins: cors.allowOrigins.map((o) =>
      o.kind === 'any'
        ? { exact: '*' }
        : o.kind === 'exact'
          ? { exact: o.value }
          : o.kind === 'prefix'
            ? { prefix: o.value }
            : { regex: asRegex(o) },
    ),
    allowMethods: list(cors.allowMethods),
    allowHeaders: list(cors.allowHeaders),
    exposeHeaders: list(cors.exposeHeaders),
    maxAge: cors.maxAge === undefined ? undefined : `${cors.maxAge}s`,
    allowCredentials: cors.allowCredentials,
    unmatchedPreflights: cors.unmatchedPreflights === undefined ? undefined : cors.unmatchedPreflights.toUpperCase(),
  };
  return { corsPolicy: Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined)) };
}
