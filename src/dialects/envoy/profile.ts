// What everybody may ask about Envoy's own configuration.

import type { DialectProfile } from '../profile.js';

export const profile: DialectProfile = { name: 'envoy', title: 'Envoy', rank: 10, target: {} };
