// The dialect `traefik`: Ingresses of Traefik's classes and its own kinds, as Traefik 3.7 reads them.

import type { Dialect } from '../dialect.js';
import { feeds } from './feeds.js';
import { leaves } from './leaves.js';
import { reader } from './reader.js';

export const dialect: Dialect = { ...reader, feeds, leaves };
