// The writers of all targets: the dialects that can be written, and Envoy, which is only written.

import type { Target } from '../convert/scope.js';
import type { Dialect } from '../dialects/dialect.js';
import { dialects } from '../dialects/index.gen.js';

export const writerOf = (to: Target): Dialect['write'] => dialects.find((d) => d.name === to)?.write;
