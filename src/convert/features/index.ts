// The table of features: every loss and every decision of a translation, one entry each. Writers name an entry by its key; reports, the
// plan of a move, the verification and docs/convert.md read it.

import { CHANGES } from './changes.js';
import { CHECKS } from './checks.js';
import { DESTINATIONS } from './destinations.js';
import { ENGINE } from './engine.js';
import type { Feature } from './feature.js';
import { LISTENERS } from './listeners.js';
import { OBJECTS } from './objects.js';
import { REWRITES } from './rewrites.js';
import { RULES } from './rules.js';
import { TLS } from './tls.js';

/** In the order of the documentation. */
export const AREAS = [ENGINE, TLS, LISTENERS, RULES, CHECKS, CHANGES, REWRITES, DESTINATIONS, OBJECTS] as const;

const TABLE = {
  ...ENGINE,
  ...TLS,
  ...LISTENERS,
  ...RULES,
  ...CHECKS,
  ...CHANGES,
  ...REWRITES,
  ...DESTINATIONS,
  ...OBJECTS,
};

/** Name of an entry. A writer that names another one does not compile. */
export type FeatureKey = keyof typeof TABLE;

export const FEATURES: Readonly<Record<FeatureKey, Feature>> = TABLE;
