// The dialect `smi`: TrafficSplits and what stands beside them.

import type { Dialect } from '../dialect.js';
import { profile } from './profile.js';
import { overGateways } from './splits.js';

export const dialect: Dialect = { name: 'smi', profile, overGateways };
