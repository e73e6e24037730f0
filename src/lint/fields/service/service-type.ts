import { type JsonObject, own } from '../../../model/index.js';
import { service } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, rejected } from '../field-rule.js';
import { qualifiedName } from '../names.js';
import { given, list, number, object, text } from '../values.js';
import { oneOf, PORTS, REJECTED, SERVICE, typeOf } from './shared.js';

/** Reached from outside: then externalTrafficPolicy has a meaning. */
const external = (spec: JsonObject): boolean =>
  typeOf(spec) === 'NodePort' ||
  typeOf(spec) === 'LoadBalancer' ||
  (typeOf(spec) === 'ClusterIP' && list(spec.externalIPs).length > 0);

const onlyFor = (spec: JsonObject, fields: readonly string[]): Problem[] =>
  typeOf(spec) === 'LoadBalancer'
    ? []
    : fields
        .filter((f) => given(own(spec, f)) && !(Array.isArray(own(spec, f)) && !list(own(spec, f)).length))
        .map((f) => ({ message: `${f} can be set with type LoadBalancer only`, path: [f] }));

function affinity(spec: JsonObject): Problem {
  const seconds = object(object(spec.sessionAffinityConfig).clientIP).timeoutSeconds;
  if (!given(spec.sessionAffinityConfig)) return undefined;
  if (spec.sessionAffinity !== 'ClientIP')
    return { message: 'sessionAffinityConfig needs sessionAffinity ClientIP', path: ['sessionAffinityConfig'] };
  return typeof seconds === 'number' && (seconds <= 0 || seconds > 86400)
    ? {
        message: `${seconds} is not from 1 to 86400 seconds`,
        path: ['sessionAffinityConfig', 'clientIP', 'timeoutSeconds'],
      }
    : undefined;
}

function healthCheck(spec: JsonObject): Problem {
  const check = number(spec.healthCheckNodePort);
  if (check === 0) return undefined;
  if (check < 0) return { message: 'healthCheckNodePort cannot be negative', path: ['healthCheckNodePort'] };
  return typeOf(spec) === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'
    ? undefined
    : {
        message: 'healthCheckNodePort needs type LoadBalancer and externalTrafficPolicy Local',
        path: ['healthCheckNodePort'],
      };
}

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0712',
      name: 'service-type',
      title: 'A Service has an unknown type, or fields of another type',
      docs: () => ({
        happens: REJECTED,
        instead: 'ClusterIP, NodePort, LoadBalancer or ExternalName, and their own fields.',
        bad: service(`type: ClusterIP\n${PORTS}\nexternalTrafficPolicy: Local`),
        good: service(`type: LoadBalancer\n${PORTS}\nexternalTrafficPolicy: Local`),
      }),
    },
    at(SERVICE, 'spec.type', (value) => oneOf(value, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'])),
    at(SERVICE, 'spec.externalTrafficPolicy', (value, { spec }) =>
      external(spec)
        ? oneOf(value, ['Cluster', 'Local'])
        : value === ''
          ? undefined
          : 'externalTrafficPolicy needs a Service that is exposed outside the cluster (NodePort, LoadBalancer or externalIPs)',
    ),
    at(SERVICE, 'spec.internalTrafficPolicy', (value) => oneOf(value, ['Cluster', 'Local'])),
    at(SERVICE, 'spec.sessionAffinity', (value) => oneOf(value, ['ClientIP', 'None'])),
    at(SERVICE, 'spec.ipFamilyPolicy', (value) => oneOf(value, ['SingleStack', 'PreferDualStack', 'RequireDualStack'])),
    at(SERVICE, 'spec.ipFamilies[]', (value) => oneOf(value, ['IPv4', 'IPv6'])),
    at(SERVICE, 'spec.trafficDistribution', (value) =>
      oneOf(value, ['PreferClose', 'PreferSameZone', 'PreferSameNode']),
    ),
    at(SERVICE, 'spec.loadBalancerClass', (value) => qualifiedName(text(value))),
    at(SERVICE, 'spec', (value) => [
      ...onlyFor(object(value), ['loadBalancerSourceRanges', 'loadBalancerClass', 'allocateLoadBalancerNodePorts']),
      affinity(object(value)),
      healthCheck(object(value)),
    ]),
  ),
];
