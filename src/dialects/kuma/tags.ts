// Tags choose what belongs together: selectors of MeshGatewayRoutes and targetRefs choose listeners by the tags of proxy, gateway and
// listener together (mesh_proto.Merge in pkg/plugins/runtime/gateway/generator.go, v2.13.9). Proxies are not among the files; of their tags
// those are known by which the MeshGateway selects them.

import { type JsonObject, own } from '../../model/index.js';
import { objectOf, objectsOf, stringMapOf } from '../../resources/fields.js';

export type Tags = Readonly<Record<string, string>>;

/** Each tag is there with this value; `*` is any value (TagSelector.Matches in api/mesh/v1alpha1/dataplane_helpers.go). */
export const tagsMatch = (wanted: Tags, tags: Tags): boolean =>
  Object.entries(wanted).every(([key, value]) => {
    const there = own(tags, key);
    return there !== undefined && (value === '*' || there === value);
  });

export const selectorsOf = (body: JsonObject): readonly Tags[] =>
  objectsOf(body.selectors).map((selector) => stringMapOf(objectOf(selector)?.match));
