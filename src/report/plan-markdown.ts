// The plan of a move as a checklist in Markdown: what is decided once for all objects, what is done in the cluster, and the order of the move.

import { counted } from '../model/index.js';
import { code, prose } from './markdown-text.js';

interface Reason {
  readonly feature: string;
  readonly message: string;
  readonly group: string;
}

interface Plan {
  readonly everywhere: readonly Reason[];
  readonly objects: readonly {
    readonly resource: string;
    readonly hosts: readonly string[];
    readonly reasons: readonly Reason[];
    readonly step: number;
  }[];
}

export function planMarkdown({ everywhere, objects }: Plan): string {
  const asked = new Map<string, { readonly reason: Reason; readonly resources: Set<string> }>();
  const add = (reason: Reason, resource?: string) => {
    const key = `${reason.feature} ${reason.message}`;
    const known = asked.get(key) ?? { reason, resources: new Set() };
    asked.set(key, known);
    if (resource !== undefined) known.resources.add(resource);
  };
  for (const reason of everywhere) add(reason);
  for (const { resource, reasons } of objects) for (const reason of reasons) add(reason, resource);
  const list = (title: string, group: string): string[] => {
    const entries = [...asked.values()].filter(({ reason }) => reason.group === group);
    return entries.length === 0
      ? []
      : [
          `## ${title}`,
          '',
          ...entries.map(({ reason, resources }) => {
            const where = resources.size === 0 ? '' : ` (${[...resources].map(prose).join(', ')})`;
            return `- [ ] ${code(reason.feature)}: ${prose(reason.message)}${where}`;
          }),
          '',
        ];
  };
  return [
    `# Moving ${counted(objects.length, 'object')}`,
    '',
    ...list('To decide', 'refused'),
    ...list('To do in the cluster', 'todo'),
    ...list('Different responses to accept', 'differs'),
    '## Order of the move',
    '',
    ...objects.map(({ step, resource, hosts, reasons }) => {
      const names = hosts.length > 0 ? ` (${hosts.map(prose).join(', ')})` : '';
      return `- [ ] step ${step}: ${prose(resource)}${names}: ${verdict(reasons)}`;
    }),
    '',
  ].join('\n');
}

/** What is accepted is a decision too. */
function verdict(reasons: readonly Reason[]): string {
  const features = new Set(reasons.map(({ feature }) => feature));
  return features.size === 0
    ? 'ready'
    : `ready after ${counted(features.size, 'decision')}: ${[...features].map(code).join(', ')}`;
}
