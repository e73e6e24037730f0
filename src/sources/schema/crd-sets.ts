// Groups whose CustomResourceDefinitions a cluster may have in one of several sets: versions and channels of the Gateway API
// (schemas/crds/index.json). Where nobody says which, the schemas of schemas/ count: the standard channel of the version before the newest.

import { own } from '../../model/index.js';
import { readSchema } from './read-schema.js';

interface CrdSets {
  readonly groups: readonly string[];
  readonly sets: readonly string[];
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

let known: CrdSets | undefined;
const crdSets = (): CrdSets => {
  known ??= readSchema('crds/index.json') as CrdSets;
  return known;
};

/** Names of the sets of a group (`1.6-experimental`), in the order in which one is looked for that knows a field; empty: it has no choice. */
export const setsOf = (group: string): readonly string[] => (crdSets().groups.includes(group) ? crdSets().sets : []);

/** Where a set has the file of a kind, seen from schemas/; undefined: it does not have the kind. */
export const fileInSet = (set: string, name: string): string | undefined => own(own(crdSets().files, set), name);

/** `the standard channel of Gateway API 1.7`. */
export function channelOf(set: string): string {
  const [version = '', channel = ''] = set.split('-');
  return `the ${channel} channel of Gateway API ${version}`;
}

const isStandard = (set: string): boolean => set.endsWith('-standard');

/**
 * The first standard one of the sets and, where it is older or there is no other, the first experimental one. Of one release the standard
 * one is enough; what releases before the known ones had in their experimental channel is not known.
 */
export function titleOfSets(sets: readonly string[]): string {
  const standard = sets.find(isStandard);
  const experimental = sets.find((set) => !isStandard(set));
  if (standard !== undefined && experimental?.split('-')[0] === standard.split('-')[0])
    return `Gateway API ${standard.split('-')[0]} (or the experimental channel of an earlier release that has it)`;
  const older = experimental && (standard === undefined || experimental < standard) ? [experimental] : [];
  return [...(standard === undefined ? [] : [standard]), ...older]
    .map((set) => (isStandard(set) ? `Gateway API ${set.split('-')[0]}` : channelOf(set)))
    .join(' or ');
}
