// What a gRPC client gets where the gateway answers by itself: HTTP 200 with the status of gRPC in a header, whatever the status of HTTP
// would be, redirects and direct responses too (Utility::sendLocalReply in source/common/http/utility.cc, httpToGrpcStatus in
// source/common/grpc/status.cc; asked of Envoy 1.40).

import type { Answer, HeaderEdit } from '../../decision.js';

const UNKNOWN = 2;
const GRPC_OF_HTTP: ReadonlyMap<number, number> = new Map([
  [400, 13],
  [401, 16],
  [403, 7],
  [404, 12],
  [429, 14],
  [502, 14],
  [503, 14],
  [504, 14],
]);

/** `application/grpc`, and with a codec behind a plus. */
export const isGrpc = (contentType: string | undefined): boolean =>
  contentType === 'application/grpc' || contentType?.startsWith('application/grpc+') === true;

/** The same answer for a client that speaks gRPC: its body becomes the message. */
export function grpcAnswer(answer: Answer): Answer {
  const set = (name: string, value: string): HeaderEdit => ({ op: 'set', name, value });
  const status = answer.grpcStatus ?? GRPC_OF_HTTP.get(answer.status) ?? UNKNOWN;
  const message = answer.body === '' ? [] : [set('grpc-message', escaped(answer.body))];
  return {
    ...answer,
    status: 200,
    body: '',
    responseHeaders: [
      set('content-type', 'application/grpc'),
      ...answer.responseHeaders,
      set('grpc-status', String(status)),
      ...message,
    ],
  };
}

/** Percent-encoding of gRPC's messages (PROTOCOL-HTTP2.md, Status-Message): printable ASCII stays. */
const escaped = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) =>
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
