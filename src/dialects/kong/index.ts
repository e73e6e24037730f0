// The dialect of Kong: its ingress controller's objects and its own declarative files.

import type { Dialect } from '../dialect.js';
import { feeds } from './feeds.js';
import { profile } from './profile.js';
import { read } from './read.js';

export const dialect: Dialect = { name: 'kong', profile, read, feeds };
