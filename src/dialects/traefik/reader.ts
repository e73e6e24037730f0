// Ingresses of Traefik's classes and its own kinds, as Traefik 3.7 reads them.

import type { Reader } from '../dialect.js';
import { profile } from './profile.js';
import { read } from './read.js';

export const reader: Reader = { name: 'traefik', profile, read };
