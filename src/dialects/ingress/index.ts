// The dialect `ingress`: Ingress as the Kubernetes specification has it, for no class and for classes nobody knows.

import type { Dialect } from '../dialect.js';
import { accounts } from './accounts.js';
import { closed } from './closed.js';
import { feeds } from './feeds.js';
import { reader } from './reader.js';
import { write } from './write.js';

export const dialect: Dialect = { ...reader, write, accounts, closed, feeds };
