// What Istio says of the ports of a PeerAuthentication: ValidatePeerAuthentication of pkg/config/validation/validation.go
// (source of 2026-08-22); its CRD says most of it too.

import type { Json } from '../../model/index.js';
import { peerAuthentication } from '../examples.js';
import type { Problem, Rule } from '../rule.js';
import { at, PEER_AUTHENTICATION, refused } from './field-rule.js';
import { given, object } from './values.js';

function ports(value: Json): Problem {
  const { selector, portLevelMtls } = object(value);
  return given(portLevelMtls) && Object.keys(object(object(selector).matchLabels)).length === 0
    ? {
        message: 'portLevelMtls needs a selector with labels: the ports are those of workloads',
        path: ['portLevelMtls'],
      }
    : undefined;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1441',
      name: 'peer-authentication-ports',
      title: 'portLevelMtls without a selector, or with an invalid port',
      docs: () => ({
        happens: "Istio's webhook refuses the object.",
        instead: 'A selector with labels, and numbers of ports as the workload listens on them.',
        bad: peerAuthentication('portLevelMtls: {"8080": {mode: DISABLE}}'),
        good: peerAuthentication('selector: {matchLabels: {app: shop}}\nportLevelMtls: {"8080": {mode: DISABLE}}'),
      }),
    },
    at(PEER_AUTHENTICATION, 'spec', ports),
    at(PEER_AUTHENTICATION, 'spec.portLevelMtls{}', (_, { key }) =>
      /^[1-9]\d{0,4}$/.test(String(key)) && Number(key) <= 65535
        ? undefined
        : `"${key}" is not the number of a port (1..65535)`,
    ),
  ),
];
