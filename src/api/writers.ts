// The writers of all targets.

import type { Target } from '../convert/scope.js';
import type { Dialect } from '../dialects/dialect.js';
import { dialects } from '../dialects/index.gen.js';

export const writerOf = (to: Target): Dialect | undefined => dialects.find((d) => d.name === to && d.write);

/** Whether a translation to it can be read back. */
export const isRead = (to: Target): boolean => dialects.some((d) => d.name === to && d.read);
