// KongIngresses, the way before KongUpstreamPolicies to say how a Service is reached: an annotation of the Service names one. Since version
// 3.0 of the controller only `upstream` is taken; `proxy` and `route` are refused by the CRD. All of it is deprecated since 3.5
// (internal/dataplane/kongstate/{util,upstream,kongstate}.go and CHANGELOG.md of Kong/kubernetes-ingress-controller).

import { originOf, own, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { objectOf, stringOf } from '../../../resources/fields.js';
import type { ServiceView } from '../../../resources/services.js';
import type { ReadNote } from '../../dialect.js';
import { policyOfUpstream, type UpstreamPolicy } from '../upstream-policy.js';
import { annotation } from './annotations.js';

const KIND = 'configuration.konghq.com/KongIngress';
const REMOVED = ['proxy', 'route'] as const;

export interface Override {
  readonly policy?: UpstreamPolicy;
  /** Sent in the Host header, unless the Service's annotation says another. */
  readonly host?: string;
  /** The annotations of the Service about its upstream do not count either. */
  readonly instead?: true;
}

/**
 * Of the first of the Services that names one. For routes of the Gateway API, and where the object is missing, neither it nor the
 * annotation host-header counts (FillUpstreamOverrides and Upstream.override).
 */
export function overrideOf(catalog: Catalog, services: readonly ServiceView[], ofRoute: boolean): Override | undefined {
  const named = services.find(({ resource }) => annotation(resource, 'override'))?.resource;
  const found = named && catalog.find(KIND, named.namespace, annotation(named, 'override') ?? '');
  if (!named) return undefined;
  if (!found || removedIn(found).length > 0 || ofRoute) return { instead: true };
  const fields = objectOf(found.object.upstream);
  if (!fields) return undefined;
  const host = stringOf(own(fields, 'host_header'));
  return { policy: policyOfUpstream(fields, originOf(found, 'upstream')), ...(host ? { host } : {}) };
}

const removedIn = ({ object }: Resource): readonly string[] => REMOVED.filter((key) => own(object, key) !== undefined);

const INSTEAD = { proxy: 'of the Service', route: 'of the Ingress' } as const;

export const overrideNotes = (catalog: Catalog): readonly ReadNote[] =>
  catalog.ofKind(KIND).flatMap((resource) =>
    REMOVED.filter((key) => own(resource.object, key) !== undefined).map((key) => ({
      code: 'kong-not-read',
      message: `${key} of a KongIngress is refused since version 3.0 of Kong's ingress controller, and the object with it: use annotations konghq.com/… ${INSTEAD[key]}`,
      origin: originOf(resource, key),
    })),
  );
