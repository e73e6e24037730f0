// Where Go keeps the modules that it has downloaded.

import { homedir } from 'node:os';
import { join } from 'node:path';

export const goModules = process.env.GOMODCACHE ?? join(process.env.GOPATH ?? join(homedir(), 'go'), 'pkg/mod');
