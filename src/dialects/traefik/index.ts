// The dialect `traefik`: Ingresses of Traefik's classes and its own kinds, as Traefik 3.7 reads them.

import type { Dialect } from '../dialect.js';
import { feeds } from './feeds.js';
import { leaves } from './leaves.js';
import { profile } from './profile.js';
import { read } from './read.js';

export const dialect: Dialect = { name: 'traefik', profile, read, feeds, leaves };
