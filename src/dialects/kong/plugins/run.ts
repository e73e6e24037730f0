// Requests of one route through its plugins: one configuration for each type, the most specific for route, service and consumer
// (lookup_cfg in kong/runloop/plugins_iterator.lua); plugins run by priority, and their answers are changed by all in the same order.

import { append } from '../../../model/index.js';
import { type KongConsumer, type KongPlugin, type KongRoute, nameOfConsumer } from '../entities.js';
import { type Branch, START } from './branch.js';
import { pluginRules } from './index.js';
import type { PluginContext } from './plugin.js';

export interface PluginSet {
  /** By type. */
  readonly byName: ReadonlyMap<string, readonly KongPlugin[]>;
  readonly consumers: readonly KongConsumer[];
}

export function pluginSet(plugins: readonly KongPlugin[], consumers: readonly KongConsumer[]): PluginSet {
  const byName = new Map<string, KongPlugin[]>();
  for (const plugin of plugins) {
    const known = byName.get(plugin.name);
    if (known) known.push(plugin);
    else byName.set(plugin.name, [plugin]);
  }
  return { byName, consumers };
}

/** Which of the configurations of a type counts. Its `protocols` only say of which subsystem it is, not for which scheme it runs. */
export function configured(
  of: readonly KongPlugin[],
  { name, service }: Pick<KongRoute, 'name' | 'service'>,
  consumer: KongConsumer | undefined,
): KongPlugin | undefined {
  const client = consumer && nameOfConsumer(consumer);
  const is = (r: boolean, s: boolean, c: boolean) =>
    of.find(
      (p) =>
        p.enabled &&
        (p.protocols?.some((word) => /^(https?|grpcs?|wss?)$/.test(word)) ?? true) &&
        (r ? p.route === name : p.route === undefined) &&
        (s ? service !== undefined && p.service === service.name : p.service === undefined) &&
        (c
          ? consumer !== undefined && (p.consumer === client || p.consumer === consumer.id)
          : p.consumer === undefined) &&
        p.consumerGroup === undefined,
    );
  for (const [r, s, c] of SCOPES) {
    const found = is(r, s, c);
    if (found) return found;
  }
  return undefined;
}

const SCOPES = [
  [true, true, true],
  [true, false, true],
  [false, true, true],
  [true, true, false],
  [false, false, true],
  [true, false, false],
  [false, true, false],
  [false, false, false],
] as const;

export function branchesOf(
  route: Pick<KongRoute, 'name' | 'service'>,
  { byName, consumers }: PluginSet,
  pattern: PluginContext['pattern'],
): readonly Branch[] {
  const context: PluginContext = { consumers, ...(pattern ? { pattern } : {}) };
  let branches: readonly Branch[] = [START];
  for (const rules of pluginRules) {
    const of = byName.get(rules.name);
    if (!of) continue;
    const next: Branch[] = [];
    for (const branch of branches) {
      const plugin = configured(of, route, branch.consumer);
      if (!plugin) next.push(branch);
      else {
        const passed: Branch = { ...branch, passed: [...branch.passed, plugin] };
        if (branch.done || !rules.access) next.push(passed);
        else append(next, rules.access(passed, plugin, context));
      }
    }
    branches = next;
  }
  return branches.flatMap(onTheWayBack);
}

/** Answers are changed by all plugins that had their turn. */
function onTheWayBack(branch: Branch): readonly Branch[] {
  let branches: readonly Branch[] = [branch];
  for (const { headerFilter, name } of pluginRules) {
    const plugin = branch.passed.find((p) => p.name === name);
    if (plugin && headerFilter) branches = branches.flatMap((b) => headerFilter(b, plugin));
  }
  return branches;
}

/** What Kong answers before any plugin (no route, another scheme): only plugins for everything change the answer. */
export function answersBeforePlugins({ byName }: PluginSet): readonly Branch[] {
  const everywhere = pluginRules.flatMap(({ name }) => configured(byName.get(name) ?? [], NOWHERE, undefined) ?? []);
  return onTheWayBack({ ...START, passed: everywhere });
}

const NOWHERE: Pick<KongRoute, 'name'> = { name: '' };
