// Ingress as the Kubernetes specification has it, for no class and for classes nobody knows.

import type { Reader } from '../dialect.js';
import { profile } from './profile.js';
import { read } from './read.js';

export const reader: Reader = { name: 'ingress', profile, read };
