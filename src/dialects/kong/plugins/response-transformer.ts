// response-transformer (kong/plugins/response-transformer/header_transformer.lua): on every answer of the route, Kong's own too. What the
// destination sends is not in the files: what depends on a header of it counts as if it had none.

import { plainTemplate } from '../../../model/index.js';
import type { Branch, Edit } from './branch.js';
import { inner } from './config.js';
import { pairOf } from './pairs.js';
import type { PluginRules } from './plugin.js';

export const rules: PluginRules = {
  name: 'response-transformer',
  priority: 800,
  headerFilter: (branch, plugin) => {
    let edits: readonly Edit[] = branch.response;
    const has = (name: string): boolean => valueAfter(edits, name) !== undefined;
    const lower = (name: string): string => name.toLowerCase();
    const set = (name: string, value: string): Edit => ({ op: 'set', name: lower(name), value });
    for (const entry of inner(plugin, 'remove', 'headers'))
      edits = [...edits, { op: 'remove', name: lower(pairOf(entry).name) }];
    // Headers are looked up as they were before this plugin.
    const before = branch.response;
    const had = (name: string): string | undefined => valueAfter(before, lower(name));
    for (const { name, value } of inner(plugin, 'rename', 'headers').map(pairOf)) {
      const old = had(name);
      if (old !== undefined && value !== undefined)
        edits = [...edits, set(value, old), { op: 'remove', name: lower(name) }];
    }
    for (const { name, value } of inner(plugin, 'replace', 'headers').map(pairOf))
      if (had(name) !== undefined && value !== undefined) edits = [...edits, set(name, plainTemplate(value))];
    for (const { name, value } of inner(plugin, 'add', 'headers').map(pairOf))
      if (had(name) === undefined && value !== undefined && !has(lower(name)))
        edits = [...edits, set(name, plainTemplate(value))];
    for (const { name, value } of inner(plugin, 'append', 'headers').map(pairOf))
      if (value !== undefined) edits = [...edits, { op: 'add', name: lower(name), value: plainTemplate(value) }];
    return [{ ...branch, response: edits } satisfies Branch];
  },
};

/** The value that the edits leave; undefined: none. */
function valueAfter(edits: readonly Edit[], name: string): string | undefined {
  let value: string | undefined;
  for (const edit of edits) if (edit.name === name) value = edit.op === 'remove' ? undefined : edit.value;
  return value;
}
