// What a client gets when a destination fails: status, body and response flag, as Envoy words them
// (source/common/router/router.cc, onUpstreamReset; source/common/http/utility.cc, resetReasonToString).

import type { FaultKind, UpstreamFault } from './message.js';

export interface FaultAnswer {
  readonly status: number;
  readonly body: string;
  readonly flag: string;
}

const PREFIX = 'upstream connect error or disconnect/reset before headers.';

const ANSWERS: Readonly<
  Record<
    Exclude<FaultKind, 'no-healthy-upstream'>,
    { readonly status: number; readonly reason: string; readonly flag: string }
  >
> = {
  'connection-failure': { status: 503, reason: 'remote connection failure', flag: 'UF' },
  'connect-timeout': { status: 503, reason: 'connection timeout', flag: 'UF' },
  'reset-before-headers': { status: 503, reason: 'connection termination', flag: 'UC' },
  'stale-connection': { status: 503, reason: 'connection termination', flag: 'UC' },
  'reset-in-body': { status: 503, reason: 'connection termination', flag: 'UC' },
  'protocol-error': { status: 502, reason: 'protocol error', flag: 'UPE' },
  overflow: { status: 503, reason: 'overflow', flag: 'UO' },
};

export function faultAnswer({ kind, detail }: UpstreamFault): FaultAnswer {
  if (kind === 'no-healthy-upstream') return { status: 503, body: 'no healthy upstream', flag: 'UH' };
  const { status, reason, flag } = ANSWERS[kind];
  const transport =
    kind === 'connection-failure'
      ? `, transport failure reason: ${detail}`
      : kind === 'protocol-error'
        ? `, ${detail}`
        : '';
  return { status, flag, body: `${PREFIX} reset reason: ${reason}${transport}` };
}

export const TIMEOUT_ANSWER: FaultAnswer = { status: 504, body: 'upstream request timeout', flag: 'UT' };
