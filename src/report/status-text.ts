// Statuses for people: a line for each condition, those that say no with the place that they are about.

import {
  counted,
  formatResource,
  isNotable,
  isRefusal,
  type Locate,
  locatedOrigin,
  type ObjectStatus,
  type ParentStatus,
  type StatusCondition,
  shortKind,
} from '../model/index.js';
import type { Style } from './style.js';
import { visible } from './visible.js';

/** Kinds beside gateways that no controller of the files writes a status for are named, too: that is what is wrong with them. */
export function statusText(statuses: readonly ObjectStatus[], locate: Locate, style: Style): string {
  const conditionLines = (indent: string, conditions: readonly StatusCondition[]): string[] =>
    conditions.flatMap((condition) => {
      const { type, status, reason, message } = condition;
      const no = isRefusal(condition);
      const mark = no ? style.red('✗') : isNotable(condition) ? style.yellow('!') : style.green('✓');
      const line = `${indent}${mark} ${type.padEnd(12)} ${(status ? 'True' : 'False').padEnd(5)} ${reason}`;
      if (!isNotable(condition)) return [line];
      const at = locatedOrigin(condition.origin, locate);
      return [
        `${line}: ${visible(message)}`,
        style.dim(`${indent}    ${visible(`${at.file}:${at.line}`)}  ${visible(at.path)}`),
      ];
    });

  const parentLines = ({ kind, namespace, name, reference, conditions, controllerName }: ParentStatus): string[] => {
    const part = [reference.sectionName, reference.port].filter((p) => p !== undefined).join(', port ');
    const short = shortKind(kind);
    const title = `  at ${short} ${namespace}/${name}${part === '' ? '' : `, ${part}`}`;
    if (conditions.length > 0)
      return [visible(title) + style.dim(`  ${visible(controllerName)}`), ...conditionLines('    ', conditions)];
    return [`${visible(title)}: ${style.yellow('no status')}: ${why(short)}`];
  };

  return statuses
    .map(({ resource, conditions = [], addresses = [], listeners = [], parents = [], ancestors = [] }) =>
      [
        style.bold(visible(formatResource(resource))),
        ...conditionLines('  ', conditions),
        ...addresses.map(({ value }) => `  address ${visible(value)}`),
        ...listeners.flatMap((l) => {
          const kinds = l.supportedKinds.map(shortKind).join(', ') || 'no kind of route';
          const attached =
            l.attachedRoutes === undefined
              ? 'attached routes not counted'
              : counted(l.attachedRoutes, 'attached route');
          return [
            visible(`  listener ${l.name}`) + style.dim(`  ${attached}; takes ${kinds}`),
            ...conditionLines('    ', l.conditions),
          ];
        }),
        ...[...parents, ...ancestors].flatMap(parentLines),
        '',
      ].join('\n'),
    )
    .join('\n');
}

const why = (kind: string): string =>
  kind === 'Gateway'
    ? 'the files do not hold that Gateway, or its class does not run here'
    : 'a parent that is no Gateway is outside of meshgw';
