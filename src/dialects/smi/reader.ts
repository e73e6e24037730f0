// TrafficSplits and what stands beside them.

import type { Reader } from '../dialect.js';
import { profile } from './profile.js';
import { overGateways } from './splits.js';

export const reader: Reader = { name: 'smi', profile, overGateways };
