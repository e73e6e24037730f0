// Why there is no destination, in words that a newcomer understands.

import type { Destination, SimulationResult } from '../model/index.js';
import { isDestination } from './action.js';
import type { Answer, Decision, NoAnswer } from './decision.js';

export function reasonOf(decision: Decision): SimulationResult['reason'] {
  switch (decision.kind) {
    case 'forward':
    case 'l4':
      return undefined;
    case 'answer':
      return reasonOfAnswer(decision);
    default:
      return reasonOfNoAnswer(decision);
  }
}

function reasonOfNoAnswer({ cause, detail, listener }: NoAnswer): string {
  switch (cause) {
    case 'policy':
      return detail ?? 'a policy refuses the connection';
    case 'no-listener':
      return 'nothing listens on this port: no server or listener of the gateway has it';
    case 'no-filter-chain':
      if (listener?.filterChains.every((chain) => chain.match.source?.length && !chain.match.sni))
        return 'the port listens, but not for this client address';
      return 'the port listens, but not for this server name (SNI): no TLS host matches it';
    case 'plain-on-tls-port':
      return 'the port expects TLS, the request came without';
    case 'tls-on-plain-port':
      return 'the port speaks plain HTTP, the request came with TLS';
    case 'no-l4-destination':
      return 'the port forwards bytes, but no route says where to';
    default:
      return 'the destination of the bytes does not exist';
  }
}

function reasonOfAnswer(answer: Answer): string | undefined {
  switch (answer.cause) {
    case 'bad-request':
    case 'body-too-large':
      return `the gateway refuses the request: ${answer.detail}`;
    case 'policy':
      return answer.detail;
    case 'no-virtual-host':
      return 'nothing is configured for this host: no server and route have it';
    case 'no-route':
      return `the host is served (${answer.virtualHost?.name}), but none of its routes matches`;
    case 'no-action':
      return `the route that matches does nothing: ${answer.detail}`;
    case 'missing-destination': {
      const to = answer.chosen?.to;
      return to && isDestination(to) ? missingText(to) : undefined;
    }
    case 'invalid-destination':
      return 'the route points to a destination that is not valid';
    case 'abort':
      return 'an injected fault answers instead of the destination';
    case 'preflight':
      return 'the gateway answers the CORS preflight itself';
    default:
      return undefined;
  }
}

export function missingText({ host, port, subset, missing }: Destination): string {
  if (missing === 'subset') return `the subset ${subset} of ${host} is not defined by a DestinationRule`;
  if (missing === 'port') return `${host} has no port ${port}`;
  return `${host} is not a known service`;
}
