// Conditions in `status` that a controller has set to its bad value: files from `kubectl get -o yaml`.
// pkg/config/analysis/analyzers/conditions (Istio of 2026-08-27); here for every kind of the Gateway API, and for listeners.

import { type FieldPath, type Json, type JsonObject, originOf, type Resource, table } from '../../model/index.js';
import { objectOf, objectsOf, stringOf } from '../../resources/fields.js';
import { kubernetesGateway } from '../examples.js';
import type { Rule } from '../rule.js';

const GATEWAY_API = new Set(['Accepted', 'Programmed', 'ResolvedRefs']);
/** Bad when they are True. */
const BAD_WHEN_TRUE = new Set(['Conflicted', 'PartiallyInvalid']);
const WAYPOINT = new Set(['istio.io/WaypointBound']);
const OF_KIND = table<ReadonlySet<string>>({
  '/Service': WAYPOINT,
  'networking.istio.io/ServiceEntry': WAYPOINT,
  'networking.istio.io/WorkloadEntry': WAYPOINT,
  'security.istio.io/AuthorizationPolicy': new Set(['ZtunnelAccepted', 'WaypointAccepted']),
});

/** Condition types that are bad when they are False. */
const typesOf = ({ group, kind }: Resource): ReadonlySet<string> | undefined =>
  group === 'gateway.networking.k8s.io' ? GATEWAY_API : OF_KIND.get(`${group}/${kind}`);

/** Lists of conditions: of the object, of each parent or ancestor of a route or policy, of each listener. */
function* conditionsOf(status: JsonObject): Generator<readonly [condition: JsonObject, path: FieldPath, of: string]> {
  const list = (value: Json | undefined, path: FieldPath, of: string) =>
    objectsOf(value).map((condition, i) => [condition, [...path, i], of] as const);
  yield* list(status.conditions, ['status', 'conditions'], '');
  for (const field of ['parents', 'ancestors', 'listeners'] as const)
    for (const [i, part] of objectsOf(status[field]).entries()) {
      const name = stringOf(part.name) ?? stringOf(objectOf(part.parentRef ?? part.ancestorRef)?.name);
      const of = name === undefined ? '' : `${field === 'listeners' ? 'listener' : 'parent'} ${name}: `;
      yield* list(part.conditions, ['status', field, i, 'conditions'], of);
    }
}

const example = (status: string) =>
  `${kubernetesGateway('gatewayClassName: istio\nlisteners: [{name: http, port: 80, protocol: HTTP}]')}status:\n  conditions: [{type: Programmed, status: "${status}", reason: Invalid, message: no address, lastTransitionTime: "2026-08-01T00:00:00Z"}]\n`;

export const rules: readonly Rule[] = [
  {
    code: 'MGW0170',
    name: 'negative-condition',
    severity: 'warning',
    category: 'note',
    istio: 'IST0171',
    title: 'The status of an object has a negative condition',
    docs: () => ({
      happens: 'A controller has refused the object, or a part of it, in the cluster that the file comes from.',
      instead: 'Fix what the message of the condition names; `kubectl describe` shows the current one.',
      bad: example('False'),
      good: example('True'),
    }),
    check: ({ catalog }, report) => {
      for (const resource of catalog.all) {
        const status = objectOf(resource.object.status);
        const types = status && typesOf(resource);
        if (!types) continue;
        for (const [condition, path, of] of conditionsOf(status)) {
          const type = stringOf(condition.type) ?? '';
          const partly = type === 'WaypointAccepted' && condition.reason === 'PartiallyInvalid';
          const isBad =
            (types.has(type) && (condition.status === 'False' || partly)) ||
            (types === GATEWAY_API && BAD_WHEN_TRUE.has(type) && condition.status === 'True');
          if (!isBad) continue;
          const [reason, message] = [stringOf(condition.reason), stringOf(condition.message)];
          report({
            message: `${of}${type} is ${stringOf(condition.status)}${reason ? ` (${reason})` : ''}${message ? `: ${message}` : ''}`,
            at: originOf(resource, ...path),
          });
        }
      }
    },
  },
];
