// ClientTrafficPolicies of a Gateway: how requests are taken in, so that it is as close to the source's engine as Envoy Gateway can be,
// and who signs the certificates of clients. The policy for a listener stands in the place of the Gateway's as a whole.

import type {
  Condition,
  EffectiveGateway,
  Engine,
  FilterChain,
  Intake,
  TlsContext,
} from '../../../../../model/index.js';
import type { KubeObject } from '../../../write/gateway-object.js';
import type { Place } from '../../../write/gateway-place.js';
import type { ListenerDraft } from '../../../write/listeners.js';

type Fields = Readonly<Record<string, unknown>>;

/** What the engines do where nothing is configured; of others, paths stay as they come. */
const AS_IT_COMES: Intake = { escapedSlashes: 'keep', mergeSlashes: false, underscores: 'allow' };
const USUAL: Readonly<Partial<Record<Engine, Intake>>> = {
  envoy: { escapedSlashes: 'keep', mergeSlashes: false, underscores: 'allow', envoyHeaders: true },
  'envoy-gateway': {},
  nginx: { escapedSlashes: 'forward', underscores: 'drop' },
};

const ESCAPED = {
  keep: 'KeepUnchanged',
  reject: 'RejectRequest',
  redirect: 'UnescapeAndRedirect',
  forward: 'UnescapeAndForward',
} as const;
const UNDERSCORES = { allow: 'Allow', reject: 'RejectRequest', drop: 'DropHeader' } as const;

function intakeFields({ engine, intake }: EffectiveGateway): Fields {
  const { escapedSlashes, mergeSlashes, underscores, envoyHeaders } = { ...(USUAL[engine] ?? AS_IT_COMES), ...intake };
  const path = {
    ...(escapedSlashes && escapedSlashes !== 'redirect' && { escapedSlashesAction: ESCAPED[escapedSlashes] }),
    ...(mergeSlashes === false && { disableMergeSlashes: true }),
  };
  const headers = {
    ...(envoyHeaders && { enableEnvoyHeaders: true }),
    ...(underscores && underscores !== 'reject' && { withUnderscoresAction: UNDERSCORES[underscores] }),
  };
  return {
    ...(Object.keys(path).length > 0 && { path }),
    ...(Object.keys(headers).length > 0 && { headers }),
  };
}

/** Where the certificate of who signs is. `asked`: rules that ask for one after the handshake. */
export function authorityOf(chain: FilterChain): NonNullable<TlsContext['clients']>['authority'] | undefined {
  if (chain.tls?.clients) return chain.tls.clients.authority;
  if (chain.kind !== 'http') return undefined;
  const asked = chain.virtualHosts
    .flatMap((v) => v.routes)
    .flatMap((r) => r.conditions ?? [])
    .find((c): c is Condition & { readonly clients: NonNullable<Condition['clients']> } => c.clients !== undefined);
  return asked && { kind: 'Secret', ...asked.clients.ca };
}

function validation({ tls, ...chain }: FilterChain, namespace: string): Fields {
  const authority = authorityOf({ tls, ...chain } as FilterChain);
  if (!tls || !authority || (tls.mode !== 'mutual' && tls.mode !== 'optional-mutual')) return {};
  const optional = tls.mode === 'optional-mutual';
  const mode = tls.clients?.unchecked
    ? optional
      ? 'Request'
      : 'RequireAny'
    : optional
      ? 'VerifyIfGiven'
      : 'RequireAndVerify';
  const { kind, name, namespace: own } = authority;
  return {
    clientValidation: {
      mode,
      caCertificateRefs: [{ group: '', kind, name, ...(own !== namespace && { namespace: own }) }],
    },
  };
}

function tlsFields(chain: FilterChain, namespace: string): Fields {
  const { minVersion, maxVersion, cipherSuites } = chain.tls ?? {};
  const fields = {
    ...(minVersion && { minVersion }),
    ...(maxVersion && { maxVersion }),
    ...(cipherSuites?.length ? { ciphers: cipherSuites } : {}),
    ...validation(chain, namespace),
  };
  return Object.keys(fields).length > 0 ? { tls: fields } : {};
}

export function clientTrafficPolicies(
  gateway: EffectiveGateway,
  drafts: readonly ListenerDraft[],
  { name, namespace }: Place,
): readonly KubeObject[] {
  const intake = intakeFields(gateway);
  const target = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name };
  const policy = (own: string, sectionName: string | undefined, fields: Fields): KubeObject => ({
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'ClientTrafficPolicy',
    metadata: { name: own, namespace },
    spec: { targetRefs: [{ ...target, ...(sectionName === undefined ? {} : { sectionName }) }], ...fields },
  });
  const ofListeners = drafts.flatMap((draft) => {
    const tls = tlsFields(draft.chain, namespace);
    return Object.keys(tls).length > 0
      ? [policy(`${name}-clients-${draft.name}`, draft.name, { ...intake, ...tls })]
      : [];
  });
  return [...(Object.keys(intake).length > 0 ? [policy(`${name}-clients`, undefined, intake)] : []), ...ofListeners];
}
