// Fields and kinds of the Gateway API's experimental channel that Istio does not read (Istio of 2026-08-27: nothing under
// pilot/pkg/config/kube/gateway asks for them). `retry` and `externalAuth` are not among them: it does what the first says, and refuses the
// second (convertHTTPRoute).

import { type JsonObject, originOf, own, type Resource, table } from '../../model/index.js';
import { objectsOf, specOf } from '../../resources/fields.js';
import { documents, httpRoute, kubernetesGateway, service } from '../examples.js';
import type { Rule } from '../rule.js';

const SESSIONS =
  'requests of one session may go to different backends; a DestinationRule with consistentHash on a cookie keeps them together';
const DEFAULTS = 'a route is attached where its parentRefs say, and nowhere else';

/** By field of a rule, of the spec, of a listener and of an address: what follows. */
const OF_RULES = table<string>({ sessionPersistence: SESSIONS });
const OF_SPEC = table<string>({ useDefaultGateways: DEFAULTS, defaultScope: DEFAULTS });
const OF_LISTENERS = table<string>({ filters: 'requests are not changed by them' });
const OF_ADDRESSES = table<string>({ routability: 'the address is what the Service of the Gateway gets' });
const KINDS = table<string>({
  XBackendTrafficPolicy:
    'its retry budget counts where PILOT_ENABLE_ALPHA_GATEWAY_API is true, which it is not by default; session persistence never does',
  XBackend: 'a backendRef to it answers 500',
  XMesh: 'nothing depends on it',
  XTelemetryPolicy: 'nothing depends on it',
});

const GROUP = 'gateway.networking.k8s.io';
const EXPERIMENTAL_GROUP = 'gateway.networking.x-k8s.io';

interface Unread {
  readonly path: readonly (string | number)[];
  readonly what: string;
  readonly effect: string;
}

function unreadOf({ group, kind, object }: Resource): Unread[] {
  if (group === EXPERIMENTAL_GROUP) {
    const effect = KINDS.get(kind);
    return effect === undefined ? [] : [{ path: [], what: kind, effect }];
  }
  if (group !== GROUP) return [];
  const spec = specOf({ object } as Resource);
  const list = (field: string, effects: ReadonlyMap<string, string>) =>
    objectsOf(own(spec, field)).flatMap((entry, i) => within(entry, ['spec', field, i], effects));
  return [
    ...within(spec, ['spec'], OF_SPEC),
    ...list('rules', OF_RULES),
    ...list('listeners', OF_LISTENERS),
    ...list('addresses', OF_ADDRESSES),
  ];
}

const within = (
  object: JsonObject,
  path: readonly (string | number)[],
  effects: ReadonlyMap<string, string>,
): Unread[] =>
  [...effects].flatMap(([field, effect]) =>
    (own(object, field) ?? null) === null ? [] : [{ path: [...path, field], what: `\`${field}\``, effect }],
  );

const example = (more: string) =>
  documents(
    service('selector: {app: shop}\nports: [{name: http, port: 80}]'),
    kubernetesGateway('gatewayClassName: istio\nlisteners: [{name: web, port: 80, protocol: HTTP}]'),
    httpRoute(`parentRefs: [{name: shop}]\nrules:\n- backendRefs: [{name: shop, port: 80}]${more}`),
  );

export const rules: readonly Rule[] = [
  {
    code: 'MGW0172',
    name: 'experimental-field-unread',
    severity: 'info',
    category: 'note',
    title: 'Istio does not read this part of the experimental Gateway API',
    docs: () => ({
      happens: 'It has no effect; the message names what counts in its place.',
      instead: 'What Istio has for it, or an implementation that reads it.',
      bad: example('\n  sessionPersistence: {sessionName: shop}'),
      good: example(''),
    }),
    check: ({ catalog }, report) => {
      for (const resource of catalog.all)
        for (const { path, what, effect } of unreadOf(resource))
          report({ message: `Istio does not read ${what}: ${effect}`, at: originOf(resource, ...path) });
    },
  },
];
