// The dialect `service`: Services that the cluster opens to the outside by itself, without any gateway.

import type { Dialect } from '../dialect.js';
import { profile } from './profile.js';
import { read } from './read.js';

export const dialect: Dialect = { name: 'service', profile, read };
