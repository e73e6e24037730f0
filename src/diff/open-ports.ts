// A port by its name on one side and by its number on the other, of a Service that the files do not hold: whether they are the same port
// is not decided. Two names are two ports: no Service gives one number two names.

import { portFlag, type SimulationResult } from '../model/index.js';
import { sameResult } from './results.js';

type Result = SimulationResult;
type To = NonNullable<Result['destination']>;

/** Why the answers may be the same after all; undefined: they are not. */
export function openPorts(before: Result, after: Result, acrossEngines: boolean): string | undefined {
  const [left, right] = [destinationsOf(before), destinationsOf(after)];
  const open = new Map<string, string>();
  for (const [named, numbered] of [
    [left, right],
    [right, left],
  ] as const)
    for (const { host, portName } of named) {
      if (portName === undefined) continue;
      const other = numbered.find((to) => to.host === host && to.portName === undefined);
      if (other)
        open.set(
          host,
          `whether port ${portName} of ${host} is ${other.port} is not in the files: add the Service, or give it: ${portFlag({ host, portName }, String(other.port))}`,
        );
    }
  if (open.size === 0 || !sameResult(without(before, open), without(after, open), acrossEngines)) return undefined;
  return [...open.values()].join('; ');
}

const destinationsOf = ({ destination, split = [], mirrors = [] }: Result): To[] => [
  ...(destination ? [destination] : []),
  ...split.flatMap((part) => ('host' in part ? [part as unknown as To] : [])),
  ...mirrors.map((mirror) => mirror.destination),
];

/** The same answer without the ports of these hosts. */
function without(result: Result, hosts: ReadonlyMap<string, string>): Result {
  const blind = <T extends object>(to: T): T =>
    'host' in to && hosts.has(String(to.host)) ? { ...to, port: 0, portName: undefined } : to;
  const { destination, split, mirrors } = result;
  return {
    ...result,
    ...(destination ? { destination: blind(destination) } : {}),
    ...(split ? { split: split.map(blind) } : {}),
    ...(mirrors ? { mirrors: mirrors.map((mirror) => ({ ...mirror, destination: blind(mirror.destination) })) } : {}),
  };
}
