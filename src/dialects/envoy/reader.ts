// What Envoy's own configuration means: a dump, a bootstrap or route tables.

import type { Reader } from '../dialect.js';
import { profile } from './profile.js';
import { read } from './read.js';

export const reader: Reader = { name: 'envoy', profile, read };
