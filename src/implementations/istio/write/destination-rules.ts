// What the destinations need beside the routes (traffic-policy.ts). Istio and its Gateway API say it with DestinationRules, which have one
// policy for a host. Where rules ask for different ones, each gets a subset without labels: the same endpoints, with a policy of its own. A
// Gateway API route cannot name a subset: there the first policy holds for all, and each rule that asks for another says so. Where Istio
// runs the gateway already, DestinationRules are there and stay.

import type { Report } from '../../../dialects/item-list.js';
import {
  chainPlaces,
  type Delivery,
  type Destination,
  type EffectiveGateway,
  formatPath,
  formatResource,
  type Origin,
  own,
  put,
  routesOf,
} from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { specOf, stringOf } from '../../../resources/fields.js';
import { resolveShortName } from '../hosts.js';
import { slug } from './slug.js';
import { type Fields, merged, noteTls, SETTING, type Want, wantOf } from './traffic-policy.js';

const KIND = 'networking.istio.io/DestinationRule';

export interface DestinationRulesWritten {
  /** One per host whose rules ask for something; sorted by host. */
  readonly objects: readonly Record<string, unknown>[];
  /** The subset that a rule with this delivery names for a destination. */
  readonly subsetOf: (to: Destination, delivery: Delivery | undefined) => string | undefined;
}

export interface Place {
  /** Namespace of the gateway's pods, where Secrets are read. */
  readonly home: string;
  /** Namespaces whose pods the settings are for: those of the gateways. Everybody else in the mesh keeps their own. */
  readonly visibleIn: readonly string[];
  /** Clients of the mesh may run there, too. */
  readonly besideClients: boolean;
  /** Routes of the target can name a subset. */
  readonly subsets: boolean;
  /** Also for this destination, whose TLS a policy of its own says, which the Gateway API has objects for. */
  readonly policyTls: (to: Destination) => boolean;
}

/** One rule that forwards to a host. */
interface Asked {
  readonly to: Destination;
  readonly delivery: Delivery | undefined;
  readonly want: Want;
  readonly origin: Origin;
}

export function destinationRules(
  gateways: readonly EffectiveGateway[],
  catalog: Catalog,
  place: Place,
  report: Report,
): DestinationRulesWritten {
  const byHost = new Map<string, Asked[]>();
  for (const gateway of gateways)
    for (const asked of askedOf(gateway, place, report)) {
      const known = byHost.get(asked.to.host);
      if (known) known.push(asked);
      else byHost.set(asked.to.host, [asked]);
    }
  const names = new Map<string, string>();
  const objects = [...byHost]
    .filter(([, all]) => all.some(({ want }) => asksForAnything(want)))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([host, all]) => {
      for (const { to, delivery, origin } of distinctTls(all))
        noteTls(to, delivery, place.home, settingOf(delivery, 'tls', origin), report);
      const there = presentRule(host, catalog);
      const { trafficPolicy, subsets } =
        place.subsets && !there ? apart(all, names) : { trafficPolicy: first(host, all, report), subsets: [] };
      if (there) {
        report.add(
          'destination-rule.present',
          `${host} has a DestinationRule already: put ${JSON.stringify(trafficPolicy)} into its trafficPolicy`,
          { resource: there, path: ['spec', 'trafficPolicy'] },
        );
        return [];
      }
      if (place.besideClients)
        report.add(
          'destination-rule.clients',
          `what the mesh sends to ${host} from ${place.visibleIn.join(', ')}, where the gateway's pods are, has the DestinationRule too`,
          all.find(({ want }) => asksForAnything(want))!.origin,
        );
      return [
        {
          apiVersion: 'networking.istio.io/v1',
          kind: 'DestinationRule',
          metadata: placeOf(host, place.home),
          spec: {
            host,
            ...(Object.keys(trafficPolicy).length > 0 && { trafficPolicy }),
            ...(subsets.length > 0 && { subsets }),
            exportTo: [...place.visibleIn],
          },
        },
      ];
    });
  return { objects, subsetOf: (to, delivery) => names.get(keyOf(to, wantOf(to, delivery, place.policyTls(to)))) };
}

function* askedOf(gateway: EffectiveGateway, { policyTls }: Place, report: Report): Generator<Asked> {
  const isIstios = gateway.controlPlane === 'istio';
  const asked = (to: Destination, delivery: Delivery | undefined, origin: Origin): readonly Asked[] => {
    const byRule = policyTls(to);
    if (isIstios && !(to.tls && byRule)) return [];
    const want = wantOf(to, isIstios ? undefined : delivery, byRule);
    if (!to.tls || byRule) return [{ to, delivery, want, origin }];
    for (const key of Object.keys(want.policy))
      report.add(
        'destination-rule',
        `${to.host} has a BackendTLSPolicy: no ${key} is written beside it`,
        settingOf(delivery, key, origin),
      );
    return [];
  };
  for (const { action, origin } of routesOf(gateway)) {
    if (action.kind !== 'forward') continue;
    for (const { to } of action.destinations) if ('host' in to) yield* asked(to, action.delivery, origin);
    for (const mirror of action.mirrors ?? []) yield* asked(mirror.destination, undefined, mirror.origin ?? origin);
  }
  for (const { chain } of chainPlaces(gateway))
    if (chain.kind === 'l4')
      for (const { to } of chain.destinations) if ('host' in to) yield* asked(to, undefined, chain.origin);
}

const asksForAnything = ({ policy, port }: Want): boolean => Object.keys(policy).length + Object.keys(port).length > 0;

/** The first of each port that asks for TLS, and each other way in which it is asked for. */
function distinctTls(all: readonly Asked[]): readonly Asked[] {
  const found = new Map<string, Asked>();
  for (const asked of all) {
    const key = JSON.stringify([asked.to.port, asked.to.tls ?? asked.delivery?.tls]);
    if (own(whole(asked.want), 'tls') && !found.has(key)) found.set(key, asked);
  }
  return [...found.values()];
}

const settingOf = (delivery: Delivery | undefined, key: string, origin: Origin): Origin =>
  delivery?.settings?.find((s) => own(SETTING, key)?.test(s.name))?.origin ?? origin;

const presentRule = (host: string, catalog: Catalog) =>
  catalog.ofKind(KIND).find((r) => resolveShortName(stringOf(specOf(r).host) ?? '', r.namespace) === host);

const whole = ({ policy, port }: Want): Fields => merged(policy, port);

/** What all agree on for the host and for each port, and a subset for each of the others. `names`: of subsets, by `keyOf`. */
function apart(
  all: readonly Asked[],
  names: Map<string, string>,
): { readonly trafficPolicy: Fields; readonly subsets: readonly Fields[] } {
  const policy = agreed(all.map(({ want }) => want.policy));
  const ports = new Map(
    [...byPort(all)].map(([port, asked]) => [port, agreed(asked.map(({ want }) => want.port))] as const),
  );
  const subsets = new Map<string, { readonly name: string; readonly trafficPolicy: Fields }>();
  for (const { to, want, origin } of all) {
    const rest = withoutKeys(
      whole(want),
      (key) => same(want.policy, policy, key) && same(want.port, ports.get(to.port) ?? {}, key),
    );
    if (Object.keys(rest).length === 0) continue;
    const text = JSON.stringify(rest);
    const subset = subsets.get(text) ?? {
      name: freeName(
        origin.resource.name,
        [...subsets.values()].map((s) => s.name),
      ),
      trafficPolicy: rest,
    };
    subsets.set(text, subset);
    names.set(keyOf(to, want), subset.name);
  }
  return { trafficPolicy: withPorts(policy, ports), subsets: [...subsets.values()] };
}

/** A label of DNS after the object that asks (validateSubset, pkg/config/validation, Istio 2026-08). */
function freeName(object: string, taken: readonly string[]): string {
  const wanted = slug(object.toLowerCase()).slice(0, 58).replace(/-+$/, '');
  let name = wanted;
  for (let n = 2; taken.includes(name); n++) name = `${wanted}-${n}`;
  return name;
}

/** The blocks that are the same in all. */
function agreed([one = {}, ...others]: readonly Fields[]): Fields {
  return withoutKeys(one, (key) => !others.every((other) => same(one, other, key)));
}

const same = (a: Fields, b: Fields, key: string): boolean =>
  JSON.stringify(own(a, key)) === JSON.stringify(own(b, key));

const withoutKeys = (fields: Fields, isLeftOut: (key: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => !isLeftOut(key)));

/** Those that name a port, each with those that mean whichever the host has. */
function byPort(all: readonly Asked[]): ReadonlyMap<number, readonly Asked[]> {
  const numbers = new Set(all.filter(({ to }) => !to.only).map(({ to }) => to.port));
  return new Map([...numbers].map((number) => [number, all.filter(({ to }) => to.only || to.port === number)]));
}

/** The first that is asked for holds for all. A rule that asks for another, or for none, says so. */
function first(host: string, all: readonly Asked[], report: Report): Fields {
  const policy: Fields = {};
  const ports = new Map<number, Fields>([...byPort(all).keys()].map((number) => [number, {}]));
  const askers = new Map<unknown, Origin>();
  const fill = (into: Fields, wanted: Fields, origin: Origin) => {
    for (const [key, value] of Object.entries(wanted))
      if (own(into, key) === undefined) {
        put(into, key, value);
        askers.set(value, origin);
      }
  };
  for (const { to, want, origin } of all) {
    fill(policy, want.policy, origin);
    fill(ports.get(to.port) ?? {}, want.port, origin);
  }
  for (const asked of all) {
    noteOther(host, asked, [policy, asked.want.policy], askers, report);
    for (const [number, fields] of ports)
      if (asked.to.only) noteOther(host, asked, [fields, asked.want.policy], askers, report);
      else if (number === asked.to.port) noteOther(host, asked, [fields, asked.want.port], askers, report);
  }
  return withPorts(policy, ports);
}

/** `askers`: whose rule asked for each block that is given. */
function noteOther(
  host: string,
  { delivery, origin }: Asked,
  [given, wanted]: readonly [Fields, Fields],
  askers: ReadonlyMap<unknown, Origin>,
  report: Report,
): void {
  for (const [key, value] of Object.entries(given)) {
    const asker = askers.get(value);
    if (!asker || same(given, wanted, key)) continue;
    const mine = own(wanted, key);
    report.add(
      key === 'tls' ? 'destination-rule.tls' : 'destination-rule',
      `${host} has one ${key} for all rules that forward to it: this one gets ${JSON.stringify(value)} of ${formatResource(asker.resource)} ${formatPath(asker.path)}${mine === undefined ? '' : `, not its own ${JSON.stringify(mine)}`}`,
      mine === undefined ? origin : settingOf(delivery, key, origin),
    );
  }
}

/** Settings of a port replace those of the host wholly (DestinationRule reference, portLevelSettings). */
function withPorts(policy: Fields, ports: ReadonlyMap<number, Fields>): Fields {
  const settings = [...ports]
    .filter(([, fields]) => Object.keys(fields).length > 0)
    .sort(([a], [b]) => a - b)
    .map(([number, fields]) => ({ port: { number }, ...merged(policy, fields) }));
  return { ...policy, ...(settings.length > 0 ? { portLevelSettings: settings } : {}) };
}

const keyOf = ({ host, port, only }: Destination, want: Want): string =>
  JSON.stringify([host, only ? 'only' : port, want]);

/** Beside the Service; of a host outside of the cluster, beside its ServiceEntry and the gateway's pods (Istio looks nowhere else). */
function placeOf(host: string, home: string): { name: string; namespace: string } {
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc\./.exec(host) ?? [];
  return name && namespace ? { name, namespace } : { name: host.replaceAll('.', '-'), namespace: home };
}
