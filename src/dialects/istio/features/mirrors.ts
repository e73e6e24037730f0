// Copies of requests: `mirror` with its percentage, and `mirrors`. MirrorPercent, MirrorPercentByPolicy in
// pilot/pkg/networking/core/route/route.go; no `-shadow` is appended to the host (DISABLE_SHADOW_HOST_SUFFIX is true).

import type { Destination, Mirror } from '../../../model/index.js';
import { at, numberOf, objectOf, objectsOf } from '../../../resources/fields.js';
import type { DestinationConfig, HttpRule } from '../config.js';
import { percentOf } from './fault.js';
import { readDestination } from './virtual-services.js';

const NONE: readonly Mirror[] = [];

export function mirrorsOf(rule: HttpRule, resolve: (to: DestinationConfig) => Destination): readonly Mirror[] {
  const { mirror, mirrors, mirrorPercent, mirrorPercentage } = rule.fields;
  if (!mirror && !mirrors) return NONE;
  const out: Mirror[] = [];
  const single = objectOf(mirror?.value);
  if (mirror && single) {
    const percent = percentOf(mirrorPercentage?.value) ?? numberOf(mirrorPercent?.value) ?? 100;
    out.push({
      destination: resolve(readDestination(single, mirror.origin)),
      percent,
      hostSuffix: '',
      origin: mirror.origin,
    });
  }
  for (const [i, entry] of objectsOf(mirrors?.value).entries()) {
    const destination = objectOf(entry.destination);
    if (!mirrors || !destination) continue;
    const origin = at(mirrors.origin, i);
    out.push({
      destination: resolve(readDestination(destination, at(origin, 'destination'))),
      percent: percentOf(entry.percentage) ?? 100,
      hostSuffix: '',
      origin,
    });
  }
  return out.filter((m) => m.percent > 0);
}
