// ClientTrafficPolicy (internal/gatewayapi/clienttrafficpolicy.go, v1.9.1): how a listener takes connections and requests in. The policy
// for a listener by its name stands in the place of the one for its Gateway.

import {
  type EffectiveGateway,
  type FilterChain,
  type Intake,
  type JsonObject,
  originOf,
  type Resource,
  type TlsContext,
  table,
} from '../../../../model/index.js';
import type { Catalog } from '../../../../resources/catalog.js';
import type { GatewayListener } from '../../features/listener.js';
import { booleanAt, has, listAt, objectAt, stringAt, stringsAt } from '../../fields.js';
import { CONFIG_MAP, referencedKind, SECRET } from '../../kinds.js';
import { attachedToGateway } from './attached.js';
import { CLIENT_TRAFFIC_POLICY } from './kinds.js';

const policyOf = (listener: GatewayListener, catalog: Catalog): Resource | undefined =>
  attachedToGateway(CLIENT_TRAFFIC_POLICY, listener.owner, listener.name, catalog) ??
  attachedToGateway(CLIENT_TRAFFIC_POLICY, listener.owner, undefined, catalog) ??
  attachedToGateway(CLIENT_TRAFFIC_POLICY, listener.gateway, undefined, catalog);

const specOf = (policy: Resource | undefined): JsonObject => objectAt(policy?.object, 'spec');

const ESCAPED = table<NonNullable<Intake['escapedSlashes']>>({
  KeepUnchanged: 'keep',
  RejectRequest: 'reject',
  UnescapeAndForward: 'forward',
});
const UNDERSCORES = table<NonNullable<Intake['underscores']>>({
  Allow: 'allow',
  DropHeader: 'drop',
});

/** Without what is the engine's own way. */
function intakeOf(spec: JsonObject): Intake | undefined {
  const path = objectAt(spec, 'path');
  const headers = objectAt(spec, 'headers');
  const escapedSlashes = ESCAPED.get(stringAt(path, 'escapedSlashesAction') ?? '');
  const underscores = UNDERSCORES.get(stringAt(headers, 'withUnderscoresAction') ?? '');
  const intake: Intake = {
    ...(escapedSlashes && { escapedSlashes }),
    ...(booleanAt(path, 'disableMergeSlashes') && { mergeSlashes: false }),
    ...(underscores && { underscores }),
    ...(booleanAt(headers, 'enableEnvoyHeaders') && { envoyHeaders: true }),
  };
  return Object.keys(intake).length > 0 ? intake : undefined;
}

/** The gateway as its policies have it. `apart`: listeners that take requests in otherwise than the first. */
export function withClientTraffic(
  gateway: EffectiveGateway,
  listeners: readonly GatewayListener[],
  catalog: Catalog,
): {
  readonly gateway: EffectiveGateway;
  readonly apart: readonly { listener: GatewayListener; policy: Resource | undefined }[];
} {
  const policies = new Map(listeners.map((l) => [l, policyOf(l, catalog)]));
  if ([...policies.values()].every((p) => p === undefined)) return { gateway, apart: [] };
  const serving = listeners.filter((l) => l.protocol === 'HTTP' || l.protocol === 'HTTPS');
  const intakes = serving.map((l) => intakeOf(specOf(policies.get(l))));
  const [intake] = intakes;
  const same = (i: number) => JSON.stringify(intakes[i]) === JSON.stringify(intake);
  const apart = serving.flatMap((listener, i) => (same(i) ? [] : [{ listener, policy: policies.get(listener) }]));
  const byName = new Map(listeners.map((l) => [l.origin, policies.get(l)]));
  const read: EffectiveGateway = {
    ...gateway,
    ...(intake ? { intake } : {}),
    listeners: gateway.listeners.map((l) => ({
      ...l,
      filterChains: l.filterChains.map((chain) => {
        const policy = chain.origin && [...byName].find(([origin]) => origin === chain.origin)?.[1];
        return policy && chain.tls ? withTls(chain, chain.tls, policy) : chain;
      }),
    })),
  };
  return { gateway: read, apart };
}

const VERSIONS = new Set(['1.0', '1.1', '1.2', '1.3']);

function withTls<C extends FilterChain>(chain: C, context: TlsContext, policy: Resource): C {
  const tls = objectAt(specOf(policy), 'tls');
  const version = (key: string) => {
    const written = stringAt(tls, key) ?? '';
    return VERSIONS.has(written) ? (written as NonNullable<TlsContext['minVersion']>) : undefined;
  };
  const [minVersion, maxVersion] = [version('minVersion'), version('maxVersion')];
  const ciphers = stringsAt(tls, 'ciphers');
  return {
    ...chain,
    tls: {
      ...context,
      ...(minVersion && { minVersion }),
      ...(maxVersion && { maxVersion }),
      ...(ciphers.length > 0 && { cipherSuites: ciphers }),
      ...(has(tls, 'clientValidation') ? clientsOf(objectAt(tls, 'clientValidation'), policy) : {}),
    },
  };
}

/** `optional` is the older way to say VerifyIfGiven. */
function clientsOf(validation: JsonObject, policy: Resource): Pick<TlsContext, 'mode' | 'clients'> {
  const written = stringAt(validation, 'mode');
  const mode = written ?? (booleanAt(validation, 'optional') ? 'VerifyIfGiven' : 'RequireAndVerify');
  const [reference = null] = listAt(validation, 'caCertificateRefs');
  const unchecked = mode === 'Request' || mode === 'RequireAny';
  return {
    mode: mode === 'VerifyIfGiven' || mode === 'Request' ? 'optional-mutual' : 'mutual',
    clients: {
      authority: {
        kind: referencedKind(reference, SECRET) === CONFIG_MAP ? 'ConfigMap' : 'Secret',
        namespace: stringAt(reference, 'namespace') ?? policy.namespace,
        name: stringAt(reference, 'name') ?? '',
      },
      ...(unchecked && { unchecked: true }),
      origin: originOf(policy, 'spec', 'tls', 'clientValidation'),
    },
  };
}
