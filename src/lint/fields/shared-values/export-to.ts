import type { Json } from '../../../model/index.js';
import { virtualService } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused, SERVICE_ENTRY, VIRTUAL_SERVICE } from '../field-rule.js';
import { isLabel } from '../names.js';
import { given, list, text } from '../values.js';
import { REFUSED, TO_SHOP } from './shared.js';

/** validateExportTo; `.` stands for the own namespace. */
function exportTo(value: Json, namespace: string, kind: 'service-entry' | 'selected' | 'other'): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const entries = list(value);
  for (const [index, entry] of entries.entries()) {
    const key = entry === '.' ? namespace : text(entry);
    if (seen.has(key)) problems.push({ message: `exportTo lists "${key}" twice`, path: [index] });
    else if (key === '*' || (key === '~' && kind === 'service-entry') || isLabel(key)) seen.add(key);
    else
      problems.push({
        message: `exportTo takes "*", "." or a namespace${kind === 'service-entry' ? ', or "~"' : ''}, not "${text(entry)}"`,
        path: [index],
      });
  }
  if (kind === 'selected' && seen.size && !(seen.size === 1 && seen.has(namespace)))
    problems.push('a DestinationRule with a workloadSelector can be exported to its own namespace only');
  for (const all of ['*', '~'])
    if (seen.has(all) && entries.length > 1) problems.push(`exportTo has "${all}" beside other entries`);
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0207',
      name: 'export-to',
      title: 'Invalid exportTo',
      docs: () => ({
        happens: REFUSED,
        instead: '"*" alone, or "." and names of namespaces, each once.',
        bad: virtualService(
          `exportTo: ["*", team-a]\nhosts: [shop.example.com]\nhttp:\n- ${TO_SHOP.replace('\n', '\n  ')}`,
        ),
        good: virtualService(
          `exportTo: [., team-a]\nhosts: [shop.example.com]\nhttp:\n- ${TO_SHOP.replace('\n', '\n  ')}`,
        ),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.exportTo', (value, { resource }) => exportTo(value, resource.namespace, 'other')),
    at(DESTINATION_RULE, 'spec.exportTo', (value, { resource, spec }) =>
      exportTo(value, resource.namespace, given(spec.workloadSelector) ? 'selected' : 'other'),
    ),
    at(SERVICE_ENTRY, 'spec.exportTo', (value, { resource }) => exportTo(value, resource.namespace, 'service-entry')),
  ),
];
