// Questions about dialects by name, answered from their profiles: no reader or writer is loaded for them.

import type { DialectName, JsonObject, Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { isIngress, upgradeIngress } from '../resources/ingress.js';
import type { ReadOptions } from './dialect.js';
import { gatewaysOf, ownsGatewayObject } from './gateway-owner.js';
import { ingressOwner } from './ingress-owner.js';
import { byRank, type DialectProfile, type RecognisedDocument } from './profile.js';
import { profiles } from './profiles.gen.js';

const byName = new Map<DialectName, DialectProfile>(profiles.map((p) => [p.name, p]));

/** Throws for a name that is no dialect's: names come from the listing of the folders. */
export function profileOf(name: DialectName): DialectProfile {
  const profile = byName.get(name);
  if (!profile) throw new Error(`no dialect ${name}`);
  return profile;
}

/** All, in the order in which they are listed for users. */
export const rankedProfiles: readonly DialectProfile[] = [...profiles].sort(byRank);

/** As which object a document without `apiVersion` and `kind` is read; undefined: no dialect knows it. */
export function recogniseDocument(value: JsonObject): RecognisedDocument | undefined {
  for (const { document } of profiles) {
    const found = document?.(value);
    if (found) return found;
  }
  return undefined;
}

/** Dialects that `convert` translates from, and to. */
export const sourceNames: readonly DialectName[] = rankedProfiles.filter((p) => p.source).map((p) => p.name);
export const targetNames: readonly DialectName[] = rankedProfiles.filter((p) => p.target).map((p) => p.name);

/** An Ingress, a Gateway or a route of the dialect's classes, which a translation from it starts from too. */
export const ownsByClass = (
  dialect: DialectName,
  resource: Resource,
  catalog: Catalog,
  options: Pick<ReadOptions, 'classSemantics' | 'classes'>,
): boolean => {
  const { source, gateways } = profileOf(dialect);
  if (isIngress(resource))
    return source?.ingresses === true && ingressOwner(upgradeIngress(resource), catalog, options).dialect === dialect;
  return gateways !== undefined && ownsGatewayObject(dialect, resource, catalog, gatewaysOf(options.classSemantics));
};

/** Whether objects of the kind have no namespace, as far as the dialects' profiles say. */
export const isClusterScoped = ({ group, kind }: Pick<Resource, 'group' | 'kind'>): boolean =>
  profiles.some(({ kinds = [] }) => kinds.some((k) => k.group === group && k.clusterScoped?.includes(kind)));
