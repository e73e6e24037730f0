// The writers of all targets: the dialects that can be written, and Envoy, which is only written.

import type { Target } from '../convert/scope.js';
import type { Dialect } from '../dialects/dialect.js';
import { write as envoy } from '../dialects/envoy/write.js';
import { dialects } from '../dialects/index.gen.js';

export const writerOf = (to: Target): Dialect['write'] =>
  to === 'envoy' ? envoy : dialects.find((d) => d.name === to)?.write;
