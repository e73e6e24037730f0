import type { Json, JsonObject } from '../../../model/index.js';
import { sidecar } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, SIDECAR } from '../field-rule.js';
import { isAddress, isLabel } from '../names.js';
import { given, list, number, object, port, protocol, socketProblem, text } from '../values.js';
import { HTTP, ingress, REFUSED } from './shared.js';

const SOCKET = 'unix://';

function portProblems(listener: JsonObject): Problem[] {
  const p = object(listener.port);
  const problems: Problem[] = [];
  if (text(p.name) !== '' && !isLabel(text(p.name)))
    problems.push({ message: `the port name "${text(p.name)}" is not a DNS label`, path: ['port', 'name'] });
  if (text(p.protocol) !== '' && !protocol(p.protocol))
    problems.push({ message: `the protocol "${text(p.protocol)}" is unknown`, path: ['port', 'protocol'] });
  if (number(p.targetPort) > 0)
    problems.push({ message: 'targetPort has no effect on a Sidecar; remove it', path: ['port', 'targetPort'] });
  return problems;
}

/** A listener on a port of an address. */
function addressProblems(listener: JsonObject): Problem[] {
  const { number: written } = object(listener.port);
  const range = port(written ?? 0);
  const bind = text(listener.bind);
  return [
    range && { message: range, path: ['port', ...(given(written) ? ['number'] : [])] },
    bind !== '' && !isAddress(bind) ? { message: `"${bind}" is not an IP address`, path: ['bind'] } : undefined,
  ];
}

/** A listener without a port number: a unix socket, which only egress can have. */
function socketListenerProblems(listener: JsonObject): Problem[] {
  const bind = text(listener.bind);
  const capture = text(listener.captureMode);
  const wrong = bind.startsWith(SOCKET)
    ? socketProblem(bind.slice(SOCKET.length))
    : 'a listener without a port number needs a unix socket: bind: unix:///path';
  return [
    wrong === undefined ? undefined : { message: wrong, path: given(listener.bind) ? ['bind'] : ['port'] },
    capture === 'IPTABLES'
      ? { message: 'the captureMode of a unix socket is DEFAULT or NONE', path: ['captureMode'] }
      : undefined,
  ];
}

function ingressListener(value: Json): Problem[] {
  const listener = object(value);
  // Without a port the CRD speaks.
  return given(listener.port) ? [...portProblems(listener), ...addressProblems(listener)] : [];
}

function egressListener(value: Json): Problem[] {
  const listener = object(value);
  if (!given(listener.port)) return [];
  const isSocket = number(object(listener.port).number) === 0;
  return [...portProblems(listener), ...(isSocket ? socketListenerProblems(listener) : addressProblems(listener))];
}

/** Each port once, each unix socket once; a listener for every port only at the end. */
function listenerList(isEgress: boolean): (value: Json) => Problem[] {
  return (value) => {
    const listeners = list(value).map(object);
    const seen = new Set<string>();
    return listeners.map((listener, index): Problem => {
      if (!given(listener.port))
        return isEgress && index < listeners.length - 1
          ? { message: 'the listener without a port is for all that are left: it has to be the last', path: [index] }
          : undefined;
      const n = number(object(listener.port).number);
      const key = isEgress && n === 0 ? text(listener.bind) : String(n);
      if (seen.has(key))
        return { message: `an earlier listener has ${n === 0 ? key || 'no port' : `port ${n}`}`, path: [index] };
      seen.add(key);
      return undefined;
    });
  };
}

const LOCAL = new Set(['', '127.0.0.1', '0.0.0.0', '::1', '::']);

function defaultEndpoint(value: Json): Problem[] {
  const endpoint = text(value);
  if (endpoint === '') return [];
  if (endpoint.startsWith(SOCKET)) return [socketProblem(endpoint.slice(SOCKET.length))];
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(endpoint);
  if (!parts)
    return [`"${endpoint}" does not have the form 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, [::]:PORT or unix:///path`];
  const host = parts[1] ?? parts[2] ?? '';
  const written = parts[3] ?? '';
  return [
    LOCAL.has(host)
      ? undefined
      : `the endpoint is in the workload itself: 127.0.0.1, 0.0.0.0, [::1] or [::], not "${host}"`,
    /^[+-]?\d+$/.test(written) ? port(Number(written)) : `the port "${written}" is not a number`,
  ];
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1462',
      name: 'sidecar-listener',
      title: 'Invalid listener of a Sidecar',
      docs: () => ({
        happens: REFUSED,
        instead:
          'A port of its own for each listener, an IP address to bind (for egress also a unix socket without a port number), an endpoint in the workload itself; the egress listener without a port comes last.',
        bad: sidecar(ingress(HTTP.replace('127.0.0.1', '10.1.2.3'))),
        good: sidecar(ingress(HTTP)),
      }),
    },
    at(SIDECAR, 'spec.ingress[]', ingressListener),
    at(SIDECAR, 'spec.ingress[].defaultEndpoint', defaultEndpoint),
    at(SIDECAR, 'spec.ingress', listenerList(false)),
    at(SIDECAR, 'spec.egress[]', egressListener),
    at(SIDECAR, 'spec.egress', listenerList(true)),
  ),
];
