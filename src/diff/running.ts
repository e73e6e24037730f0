// One side is what a process runs (a config dump), the other holds files: the one gateway of the files for which it stands. What else
// the files hold is not compared, because the dump says nothing of it.

import { type EffectiveGateway, own } from '../model/index.js';

export interface RunningPair {
  readonly before: EffectiveGateway;
  readonly after: EffectiveGateway;
  /** Ids of gateways that are not compared. */
  readonly others: readonly string[];
}

type Gateways = readonly EffectiveGateway[];

/**
 * Undefined: not exactly one of the sides is what one process runs. `gateway`: the id that stands for it, where the user says it; without
 * it the one whose labels the pod has, the usual one, or the only one that listens on the same ports. A list of ids: several may be meant.
 */
export function runningPair(
  before: Gateways,
  after: Gateways,
  gateway?: string,
): RunningPair | readonly string[] | undefined {
  const [left, right] = [onlyRunning(before), onlyRunning(after)];
  if ((left === undefined) === (right === undefined)) return undefined;
  const running = (left ?? right)!;
  const files = (left ? after : before).filter(({ direct }) => !direct);
  const meant = counterpart(running, files, gateway);
  if (!meant) return files.map(({ id }) => id);
  const others = files.filter((g) => g !== meant).map(({ id }) => id);
  return left ? { before: running, after: meant, others } : { before: meant, after: running, others };
}

const onlyRunning = (gateways: Gateways): EffectiveGateway | undefined => {
  const entries = gateways.filter(({ direct }) => !direct);
  return entries.length === 1 && entries[0]!.running ? entries[0] : undefined;
};

function counterpart(running: EffectiveGateway, files: Gateways, named?: string): EffectiveGateway | undefined {
  if (named !== undefined) return files.find(({ id, aliases }) => id === named || aliases?.includes(named));
  const ports = portsOf(running);
  const choices: readonly Gateways[] = [
    files.filter((g) => hasLabels(running, g)),
    files.filter(({ usual }) => usual),
    files,
    files.filter(({ listeners }) => listeners.length > 0),
    files.filter((g) => portsOf(g) === ports),
  ];
  return choices.find((list) => list.length === 1)?.[0];
}

const portsOf = ({ listeners }: EffectiveGateway): string =>
  [...new Set(listeners.map(({ port }) => port))].sort((a, b) => a - b).join();

/** The pod has all labels by which the gateway's pods are known. */
const hasLabels = ({ podLabels: [pod] = [] }: EffectiveGateway, gateway: EffectiveGateway): boolean =>
  pod !== undefined &&
  (gateway.podLabels ?? []).some((labels) => Object.entries(labels).every(([key, value]) => own(pod, key) === value));
