// The dialect of Kong: its ingress controller's objects and its own declarative files.

import type { Dialect } from '../dialect.js';
import { withServices } from './declarative/services.js';
import { feeds } from './feeds.js';
import { reader } from './reader.js';

export const dialect: Dialect = { ...reader, feeds, withServices };
