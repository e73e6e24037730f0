// Services that the cluster opens to the outside by itself, without any gateway.

import type { Reader } from '../dialect.js';
import { profile } from './profile.js';
import { read } from './read.js';

export const reader: Reader = { name: 'service', profile, read };
