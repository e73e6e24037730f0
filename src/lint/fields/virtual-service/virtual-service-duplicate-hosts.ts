import { hostsMatch } from '../../../implementations/istio/hosts.js';
import type { Json, JsonObject } from '../../../model/index.js';
import { virtualService } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { list, text } from '../values.js';
import { BASE, badHost, REFUSED } from './shared.js';

/** Wildcards are compared pair by pair: a bound on a list from somebody else. */
const MOST_HOSTS = 1000;

function duplicateHosts(value: Json, spec: JsonObject): Problem[] {
  const hosts = list(value).slice(0, MOST_HOSTS).map(text);
  if (hosts.some((host) => badHost(host, spec))) return [];
  const problems: Problem[] = [];
  const exact = new Map<string, number>();
  const wildcards: number[] = [];
  for (const [index, host] of hosts.entries()) {
    const earlier =
      exact.get(host) ??
      (host.startsWith('*')
        ? hosts.slice(0, index).findIndex((h) => hostsMatch(h, host))
        : (wildcards.find((w) => hostsMatch(hosts[w]!, host)) ?? -1));
    if (earlier >= 0)
      problems.push({
        message: `the host "${host}" is covered by "${hosts[earlier]}" of the same list (or covers it)`,
        path: [index],
      });
    if (!exact.has(host)) exact.set(host, index);
    if (host.startsWith('*')) wildcards.push(index);
  }
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0406',
      name: 'virtual-service-duplicate-hosts',
      title: 'Hosts of one VirtualService cover each other',
      docs: () => ({
        happens: REFUSED,
        instead: 'Each host once; a wildcard covers what is below it.',
        bad: virtualService(BASE.replace('shop.example.com', '"*.example.com", shop.example.com')),
        good: virtualService(BASE.replace('shop.example.com', 'shop.example.com, blog.example.com')),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.hosts', (value, { spec }) => duplicateHosts(value, spec)),
  ),
];
