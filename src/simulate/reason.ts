// Why there is no destination, in words that a newcomer understands.

import {
  type Destination,
  type GatewayRequest,
  type Origin,
  own,
  type SimulationResult,
  takesHost,
} from '../model/index.js';
import { isDestination } from './action.js';
import type { Answer, Decision, NoAnswer } from './decision.js';
import { hostOf } from './hints.js';

/** `request`: for what depends on its client. */
export function reasonOf(decision: Decision, request?: GatewayRequest): SimulationResult['reason'] {
  switch (decision.kind) {
    case 'forward':
    case 'l4':
      return undefined;
    case 'answer':
      return reasonOfAnswer(decision, request);
    default:
      return reasonOfNoAnswer(decision);
  }
}

function reasonOfNoAnswer({ cause, detail, listener }: NoAnswer): string {
  switch (cause) {
    case 'policy':
      return detail ?? 'a policy refuses the connection';
    case 'no-listener':
      return `nothing listens on this port: ${detail ?? 'no server or listener of the gateway has it'}`;
    case 'no-filter-chain':
      if (listener?.filterChains.every((chain) => chain.match.source?.length && !chain.match.sni))
        return 'the port listens, but not for this client address';
      return 'the port listens, but not for this server name (SNI): no TLS host matches it';
    case 'plain-on-tls-port':
      return 'the port expects TLS, but the request uses plain HTTP';
    case 'tls-on-plain-port':
      return 'the port accepts plain HTTP, but the request uses TLS';
    case 'client-certificate':
      return detail ?? 'the client certificate is refused';
    case 'no-l4-destination':
      return 'the port forwards bytes, but no route has a destination';
    default:
      return detail ?? 'the destination of the bytes does not exist';
  }
}

function reasonOfAnswer(answer: Answer, request: GatewayRequest | undefined): string | undefined {
  switch (answer.cause) {
    case 'bad-request':
    case 'upgrade':
    case 'body-too-large':
      return `the gateway refuses the request: ${answer.detail}`;
    case 'policy':
      return answer.detail;
    case 'no-virtual-host':
      return ofAnotherServer(answer, request) ?? 'nothing is configured for this host: no server or route has it';
    case 'no-route':
      if (answer.virtualHost?.routes.length === 0) return 'the port listens, but no route is for this host';
      return `the host is served (${answer.virtualHost?.name}), but none of its routes matches`;
    case 'no-action':
      return `the matching route has no action: ${answer.detail}`;
    case 'missing-destination': {
      const to = answer.chosen?.to;
      return to && isDestination(to) ? missingText(to) : undefined;
    }
    case 'invalid-destination':
      return 'the route points to a destination that is not valid';
    case 'abort':
      return 'fault injection answers instead of the destination';
    case 'preflight':
      return 'the gateway answers the CORS preflight itself';
    case 'redirect':
    case 'direct-response':
      return reasonOfAction(answer, request);
    default:
      return undefined;
  }
}

/** A connection keeps the server that its SNI chose, whatever hosts are asked for on it. */
function ofAnotherServer({ listener, chain }: Answer, request: GatewayRequest | undefined): string | undefined {
  if (!request || !chain.tls) return undefined;
  const host = hostOf(request);
  const other = listener.filterChains.some(
    (c) => c !== chain && c.kind === 'http' && c.virtualHosts.some((v) => v.domains.some((d) => takesHost(d, host))),
  );
  if (!other) return undefined;
  const sni = request.sni === null ? 'without a server name' : `with the server name ${request.sni ?? host}`;
  return `another TLS server of this port has ${host}: the connection was opened ${sni} (HTTP/2 clients reuse connections, which needs one server or certificates that differ)`;
}

/** Of a rule that answers by itself: what the dialect says, else the annotation that made it so. */
function reasonOfAction({ cause, status, route }: Answer, request: GatewayRequest | undefined): string | undefined {
  if (!route || (route.action.kind !== 'redirect' && route.action.kind !== 'direct-response')) return undefined;
  const { action } = route;
  const source = request && route.match.source?.length ? ` (the client is ${request.source ?? '127.0.0.1'})` : '';
  if (action.why !== undefined) return `${action.why}${source}`;
  const annotation = annotationText(route.origin);
  if (cause === 'redirect') return annotation;
  if (action.kind === 'direct-response' && action.defaultBackend)
    return 'the default backend of the controller answers';
  if (annotation === undefined) return 'the rule answers directly, without a destination';
  return `${status >= 400 ? 'refused' : 'answered'} by ${annotation}${source}`;
}

/** Characters of a value that are shown. */
const SHOWN = 60;

/** `whitelist-source-range: 10.0.0.0/8`; undefined where the origin is no annotation. */
function annotationText({ resource, path }: Origin): string | undefined {
  const [metadata, annotations, name] = path;
  if (metadata !== 'metadata' || annotations !== 'annotations' || typeof name !== 'string') return undefined;
  const value = (own(resource.annotations, name) ?? '').trim().split('\n', 1)[0]!;
  return `${name.slice(name.indexOf('/') + 1)}: ${value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value}`;
}

function missingText({ host, port, subset, missing }: Destination): string {
  if (missing === 'subset') return `the subset ${subset} of ${host} is not defined by a DestinationRule`;
  if (missing === 'port') return `${host} has no port ${port}`;
  return `${host} is not a known service`;
}
