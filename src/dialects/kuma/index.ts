// The dialect `kuma`: the builtin gateway of Kuma 2.x.

import type { Dialect } from '../dialect.js';
import { feeds } from './feeds.js';
import { profile } from './profile.js';
import { read } from './read.js';

export const dialect: Dialect = { name: 'kuma', profile, read, feeds };
