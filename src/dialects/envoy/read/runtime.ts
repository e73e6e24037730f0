// The runtime of a bootstrap (envoy.config.bootstrap.v3.LayeredRuntime): flags that change how requests are taken in. Layers that are not
// in the file (rtds_layer, disk_layer, admin_layer) are taken to say nothing of them.

import type { Intake, Json } from '../../../model/index.js';
import { entry, field, list, type Node } from './node.js';

/** On unless it is turned off, as Istio does (source/common/runtime/runtime_features.cc; istio pkg/bootstrap/config.go). */
const REJECTS_FRAGMENTS = 'envoy.reloadable_features.http_reject_path_with_fragment';

export const fragmentsOf = (bootstrap: Node): Required<Intake>['fragments'] =>
  isOff(runtimeValue(bootstrap, REJECTS_FRAGMENTS)) ? 'strip' : 'reject';

/** As a writer of bootstraps says it. */
export const fragmentRuntime = (fragments: Required<Intake>['fragments']): Readonly<Record<string, unknown>> =>
  fragments === 'reject'
    ? {}
    : { layered_runtime: { layers: [{ name: 'static', static_layer: { [REJECTS_FRAGMENTS]: false } }] } };

const isOff = (value: Json | undefined): boolean => value === false || value === 'false';

/** Of the last layer that has it. */
function runtimeValue(bootstrap: Node, key: string): Json | undefined {
  const layers = list(field(bootstrap, 'layered_runtime'), 'layers').map((layer) => field(layer, 'static_layer'));
  return layers.map((layer) => valueIn(layer, key)).findLast((value) => value !== undefined);
}

/** Keys are whole or taken apart at their dots. */
const valueIn = (layer: Node | undefined, key: string): Json | undefined =>
  (entry(layer, key) ?? key.split('.').reduce<Node | undefined>((node, part) => entry(node, part), layer))?.value;
