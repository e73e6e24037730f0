// What of the map is marked after a request was tested.

import type { Lit } from './map.js';
import type { Tested } from './tester.js';
import type { Way } from './tree.js';

/** The ways that a tested request took, else as far as it came. */
export function litBy({ request, result }: Tested, all: readonly Way[]): Lit {
  const { matched, destination, split } = result;
  const here = all.filter(({ way }) => way.gateway === request.gateway && way.port === request.port);
  const rule = here.filter(
    ({ way }) =>
      matched &&
      way.rule.file === matched.file &&
      way.rule.line === matched.line &&
      way.rule.column === matched.column &&
      (way.protocol === 'HTTPS') === (request.scheme === 'https' && !result.l4),
  );
  const goals = [destination, ...(split ?? [])].flatMap((d) =>
    d && 'host' in d ? [`${d.host}:${d.port}/${d.subset ?? ''}`] : [],
  );
  const host = request.host.replace(/:\d+$/, '').toLowerCase();
  const named = rule.filter(({ way }) => way.hosts.includes(host));
  const ways = (named.length > 0 ? named : rule).filter(({ way: { destination: d, mirror } }) =>
    mirror
      ? result.mirrors?.some((m) => m.destination.host === d.host)
      : goals.includes(`${d.host}:${d.port}/${d.subset ?? ''}`),
  );
  if (ways.length > 0) return { ways: new Set(ways), items: new Set() };
  const ofHost = here.find(({ way }) => way.hosts.includes(host));
  const end = rule[0]?.items[3] ?? ofHost?.items[2] ?? here[0]?.items[0];
  return { ways: new Set(), items: new Set(end ? [end] : []) };
}
