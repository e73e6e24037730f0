// What the objects of Kuma's builtin gateway mean.

import type { Reader } from '../dialect.js';
import { profile } from './profile.js';
import { read } from './read.js';

export const reader: Reader = { name: 'kuma', profile, read };
