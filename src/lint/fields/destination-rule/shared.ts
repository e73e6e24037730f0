// What Istio's validation says about a DestinationRule: ValidateDestinationRule, validateTrafficPolicy and what they call
// (pkg/config/validation/validation.go), and ValidateTLS of agent/validation.go (source of 2026-08-22).

import type { Json, JsonObject } from '../../../model/index.js';
import { destinationRule } from '../../examples.js';
import type { Problem } from '../../rule.js';
import { list, number, object, text } from '../values.js';

export const REFUSED = "Istio's webhook refuses the DestinationRule.";

const TOP = 'spec.trafficPolicy';

export const POLICIES = [TOP, 'spec.subsets[].trafficPolicy'];

export const PORTS = POLICIES.map((p) => `${p}.portLevelSettings[]`);

const EVERYWHERE = [...POLICIES, ...PORTS];

export const on = (field: string): string[] => EVERYWHERE.map((p) => `${p}.${field}`);

/** Warnings get lost below subsets and ports: there Istio's own code keeps only errors (appendErrors). */
export const onTop = (field: string): string => `${TOP}.${field}`;

export const shop = (policy: string): string =>
  destinationRule(`host: shop\ntrafficPolicy:\n  ${policy.replaceAll('\n', '\n  ')}`);

/** 64-bit integers of the API may be written as strings. */
export const integer = (value: Json | undefined): Json =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : (value ?? null);

export const TOPOLOGY = new Set([
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
]);

/** region → zones → subzones that are taken; `*`: all of them. False: what is to be taken is so already, or a part of it. */
function take(
  taken: Map<string, Map<string, Set<string>>>,
  region: string,
  zone: string | undefined,
  subzone: string | undefined,
): boolean {
  const zones = taken.get(region) ?? new Map<string, Set<string>>();
  if (taken.has('*') || zones.has('*')) return false;
  if (zone === undefined) {
    if (zones.size > 0) return false;
    zones.set('*', new Set(['*']));
  } else {
    const subzones = zones.get(zone) ?? new Set<string>();
    if (subzone === undefined ? subzones.size > 0 : subzones.has('*') || subzones.has(subzone)) return false;
    zones.set(zone, subzones.add(subzone ?? '*'));
  }
  taken.set(region, zones);
  return true;
}

/** Localities are region[/zone[/subzone]]; a `*` stands only at the end; none may cover another. */
function localities(names: readonly string[]): Problem {
  const taken = new Map<string, Map<string, Set<string>>>();
  for (const name of names) {
    const stars = name.split('*').length - 1;
    if (stars > 1 || (stars === 1 && !name.endsWith('*')))
      return `"${name}": "*" is allowed only at the end of a locality`;
    const [region = '', zone, ...rest] = name.split('/');
    const subzone = rest.length ? rest.join('/') : undefined;
    if (region === '' || zone === '' || subzone === '') return `the locality "${name}" has an empty part`;
    if (!take(taken, region, zone, subzone)) return `the locality "${name}" overlaps an earlier one`;
  }
  return undefined;
}

export function failovers(setting: JsonObject): Problem[] {
  return list(setting.failover).flatMap((entry, index) => {
    const { from, to } = object(entry);
    const path = ['failover', index];
    const problems: Problem[] = [];
    if (text(from) === text(to)) problems.push({ message: 'a failover has to name another region', path });
    if (`${text(from)}${text(to)}`.includes('/')) problems.push({ message: 'a failover may name regions only', path });
    if (`${text(from)}${text(to)}`.includes('*')) problems.push({ message: 'a failover may not have wildcards', path });
    return problems;
  });
}

/** Istio stops at the first of the early ones. */
export function locality(value: Json): Problem[] {
  const setting = object(value);
  const distribute = list(setting.distribute);
  const failover = list(setting.failover);
  const topology = list(setting.failoverPriority)
    .map(text)
    .find((l) => TOPOLOGY.has(l));
  if (distribute.length && failover.length) return ['distribute and failover exclude each other'];
  if (failover.length && topology)
    return [`failover cannot be combined with the topology label ${topology} in failoverPriority`];
  for (const [index, entry] of distribute.entries()) {
    const to = object(object(entry).to);
    const weights = Object.values(to).map(number);
    const path = ['distribute', index, 'to'];
    if (weights.some((w) => w <= 0 || w > 100)) return [{ message: 'a locality weight is from 1 to 100', path }];
    if (weights.reduce((a, b) => a + b, 0) !== 100)
      return [{ message: 'the locality weights do not add up to 100', path }];
    const overlap = localities(Object.keys(to));
    if (overlap) return [overlap];
  }
  const overlap = localities(distribute.map((entry) => text(object(entry).from)));
  return [overlap, ...failovers(setting)];
}
