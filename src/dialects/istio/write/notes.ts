// Losses that belong to a gateway as a whole: what its engine does by itself and Envoy does not, and what was never understood.

import { isOfPolicy } from '../../../implementations/istio/write/moved-policies.js';
import type { EffectiveGateway } from '../../../model/index.js';
import type { WriteOptions } from '../../dialect.js';
import { noteEngine } from '../../engine-losses.js';
import { addUnsupported } from '../../item-list.js';
import type { Report } from './report.js';

export function notes(gateway: EffectiveGateway, _options: WriteOptions, report: Report): void {
  // Policies move with their gateway, or stay with it (moved-policies.ts).
  for (const u of gateway.unsupported) if (!isOfPolicy(u)) addUnsupported(u, report);
  noteEngine(gateway, true, report);
}
