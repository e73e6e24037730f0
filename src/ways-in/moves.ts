// From the ways of now to the other approaches: the command that translates, and what it will say.

import { rankedProfiles } from '../dialects/registry.js';
import { type Approach, counted, type Move, unsupportedAt, type WayKind } from '../model/index.js';
import type { AdviceInput } from './advice-input.js';
import { placeOf } from './found-way.js';
import type { AdviseOptions, Translated } from './input.js';

type Route = readonly [to: Move['to'], route: string];

/** Translations of `meshgw convert` that start from a kind of way: the most able target first. */
function routesFrom(kind: WayKind): readonly Route[] {
  const source = rankedProfiles.find((p) => p.source && Object.hasOwn(p.ways ?? {}, kind));
  if (!source) return [];
  return rankedProfiles
    .flatMap(({ name, target }): Route[] =>
      target?.approach && name !== source.name ? [[target.approach, `${source.name}-to-${name}`]] : [],
    )
    .sort(([a], [b]) => Number(a === 'ingress') - Number(b === 'ingress'));
}

export function movesOf(input: AdviceInput, approach: Approach, options: AdviseOptions): Move[] {
  const kinds = [...new Set(input.ways.map((w) => w.kind))];
  return kinds.flatMap((from) => {
    const routes = routesFrom(from);
    if (routes.length === 0) return approach === 'load-balancer' ? [] : [byHand(from, approach)];
    return routes
      .filter(([to]) => to !== 'ingress' || approach === 'load-balancer' || approach === 'ingress')
      .map(([to, route]) => ({
        from,
        to,
        command: options.command(route),
        ...cost(input, from, options.translate(route)),
      }));
  });
}

const byHand = (from: WayKind, to: Approach): Move => ({
  from,
  to,
  takes:
    to === 'ingress'
      ? 'write an Ingress with its host and paths, then type: ClusterIP'
      : 'write a Gateway with a VirtualService (or an HTTPRoute) for its hosts, then type: ClusterIP',
});

/** Only what the objects of this service's ways are about, and the policies that concern them. */
function cost(
  { found }: AdviceInput,
  from: WayKind,
  items: readonly Translated[] | undefined,
): Pick<Move, 'items' | 'takes'> {
  if (!items) return { takes: 'the translation fails on these files: run it to see why' };
  const behind = found.filter((w) => !w.gateway.direct);
  const policies = behind.flatMap((w) => unsupportedAt(w.gateway, placeOf(w)).map(({ origin }) => origin.resource));
  const objects = new Set([...behind.map((w) => w.rule.resource), ...policies]);
  // Fields that say nothing to a gateway move with nobody.
  const own = items.filter((i) => objects.has(i.origin.resource) && i.feature !== 'field.no-effect');
  const of = (severity: Translated['severity']) => own.filter((i) => i.severity === severity);
  const named = (severity: Translated['severity']) => {
    const features = [...new Set(of(severity).map((i) => i.feature))];
    return `${features.slice(0, 4).join(', ')}${features.length > 4 ? ', …' : ''}`;
  };
  const [exact, approximate, refused] = [of('exact').length, of('approximate').length, of('refused').length];
  const losses = [
    ...(approximate > 0 ? [`${approximate} approximate: ${named('approximate')}`] : []),
    ...(refused > 0 ? [`${refused} not supported: ${named('refused')}`] : []),
  ];
  return {
    items: { exact, approximate, refused },
    takes:
      losses.length === 0
        ? `${counted(exact, 'field')} of its ${from === 'ingress' ? 'Ingresses' : 'objects'}, all exact`
        : `${counted(exact, 'field')} exact; ${losses.join('; ')}`,
  };
}
