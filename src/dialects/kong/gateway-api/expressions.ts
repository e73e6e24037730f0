// Routes of HTTPRoutes with expressions: one for each host and match, with a priority that follows the specification
// (internal/dataplane/translator/subtranslator/httproute_atc.go of Kong/kubernetes-ingress-controller 3.5).

import { append, formatResource, type StringMatcher } from '../../../model/index.js';
import { compareText, objectsOf, stringOf } from '../../../resources/fields.js';
import { snisOf } from '../controller/annotations.js';
import { routeSettings } from '../controller/settings.js';
import type { KongPath, KongPlugin, KongRoute } from '../entities.js';
import { foundIn } from '../patterns.js';
import { entityId } from '../uuid.js';
import { filterPlugins, normalPrefix } from './filters.js';
import { groupBy } from './group.js';
import type { HttpMatch, HttpRule, RoutesOfService } from './http-rule.js';

interface Split {
  readonly rule: HttpRule;
  /** Absent: an empty list of matches. */
  readonly match: HttpMatch | undefined;
  readonly host: string;
}

/** `all`: the rules of all HTTPRoutes; ties are broken among them. */
export function expressionRoutes(all: readonly HttpRule[]): RoutesOfService {
  const priorities = prioritiesOf(all.flatMap(splitsOf));
  return (rules, service, notes) => {
    const routes: KongRoute[] = [];
    const plugins: KongPlugin[] = [];
    for (const split of rules.flatMap(splitsOf)) {
      const { rule, match, host } = split;
      const made = filterPlugins(objectsOf(rule.rule.filters), rule.origin, match?.path.value ?? '');
      if ('error' in made) {
        const message = `${formatResource(rule.resource)} has ${made.error}, which Kong's controller does not know: it leaves out all rules with these backends`;
        notes.push({ code: 'kong-route', message, origin: made.origin });
        return undefined;
      }
      const { resource } = rule;
      const name = `httproute.${resource.namespace}.${resource.name}.${nameOf(host)}.${rule.index}.${match?.index ?? 0}`;
      routes.push({
        ...routeSettings(resource, rule.protocols, true),
        name,
        id: entityId('routes', name),
        service,
        hosts: host === '' ? [] : [host],
        paths: match ? pathsOf(match, made.replacesPrefix) : [],
        methods: match ? [stringOf(match.match.method) ?? []].flat() : [],
        headers: objectsOf(match?.match.headers).map(({ name: header, type, value }) => [
          stringOf(header) ?? '',
          [`${type === 'RegularExpression' ? '~*' : ''}${stringOf(value) ?? ''}`],
        ]),
        query: objectsOf(match?.match.queryParams).map(({ name: parameter, type, value }) => [
          stringOf(parameter) ?? '',
          valueMatcher(type === 'RegularExpression', stringOf(value) ?? ''),
        ]),
        snis: snisOf(resource, true),
        priority: priorities.get(keyOf(split))!,
        ...(made.named.length > 0 ? { named: made.named } : {}),
        origin: match?.origin ?? rule.origin,
      });
      append(
        plugins,
        made.plugins.map((plugin) => ({ ...plugin, route: name })),
      );
    }
    return { routes, plugins };
  };
}

const nameOf = (host: string): string => (host === '' ? '_' : host.replaceAll('*', '_'));

const splitsOf = (rule: HttpRule): readonly Split[] =>
  (rule.hostnames.length === 0 ? [''] : rule.hostnames).flatMap((host) =>
    (rule.matches.length === 0 ? [undefined] : rule.matches).map((match) => ({ rule, match, host })),
  );

const keyOf = ({ rule, match, host }: Split): string =>
  JSON.stringify([rule.resource.namespace, rule.resource.name, host, rule.index, match?.index]);

const valueMatcher = (isRegex: boolean, value: string): StringMatcher =>
  isRegex ? { kind: 'regex', pattern: foundIn(value, false) } : { kind: 'exact', value };

function pathsOf({ path: { type, value }, origin }: HttpMatch, catches: boolean): readonly KongPath[] {
  const path = (kind: KongPath['kind'], text: string): KongPath => ({ kind, value: text, origin });
  if (type === 'Exact') return [path('equal', value)];
  if (type === 'RegularExpression') return [path('regex', value.replace(/^\^/, ''))];
  const prefix = normalPrefix(value);
  if (catches) return [path('equal', prefix), path('regex', prefix === '/' ? '/(.*)' : `${prefix}(/.*)`)];
  return prefix === '/' ? [path('prefix', '/')] : [path('equal', prefix), path('prefix', `${prefix}/`)];
}

/** Twelve bits below everything else, all ones for the first. */
const ORDER = (1n << 12n) - 1n;

function prioritiesOf(splits: readonly Split[]): ReadonlyMap<string, bigint> {
  const priorities = new Map<string, bigint>();
  for (const equals of groupBy(splits, (split) => String(traits(split))))
    for (const [i, split] of [...equals].sort(older).entries()) {
      const order = ORDER - BigInt(i);
      priorities.set(keyOf(split), traits(split) + (order < 0n ? 0n : order));
    }
  return priorities;
}

function traits({ match, host }: Split): bigint {
  const bits = (value: number, offset: bigint): bigint => BigInt(value) << offset;
  const { type, value } = match?.path ?? { type: '', value: '' };
  const length = Buffer.byteLength(value);
  return (
    bits(2, 44n) +
    bits(host !== '' && !host.startsWith('*') ? 1 : 0, 43n) +
    bits(host.length, 35n) +
    bits(type === 'Exact' ? 1 : 0, 34n) +
    bits(type === 'RegularExpression' ? 1 : 0, 33n) +
    bits(Math.max(0, length - 1), 23n) +
    bits(stringOf(match?.match.method) === undefined ? 0 : 1, 22n) +
    bits(objectsOf(match?.match.headers).length, 17n) +
    bits(objectsOf(match?.match.queryParams).length, 12n)
  );
}

/** Older first, then by name, then as written. */
function older(a: Split, b: Split): number {
  const [x, y] = [a.rule.resource, b.rule.resource];
  return (
    (x.createdAt ?? 0) - (y.createdAt ?? 0) ||
    compareText(x.namespace, y.namespace) ||
    compareText(x.name, y.name) ||
    a.rule.index - b.rule.index ||
    (a.match?.index ?? 0) - (b.match?.index ?? 0)
  );
}
