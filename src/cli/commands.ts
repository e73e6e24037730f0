// All commands, in the order in which --help lists them.

import type { Register } from './command.js';
import { register as completion } from './completion.js';
import { register as convert } from './convert.js';
import { register as diff } from './diff.js';
import { register as generateTests } from './generate-tests.js';
import { register as lint } from './lint.js';
import { register as lsp } from './lsp.js';
import { register as routes } from './routes.js';
import { register as serve } from './serve.js';
import { register as simulate } from './simulate.js';
import { register as status } from './status.js';
import { register as version } from './version-command.js';
import { register as waysIn } from './ways-in.js';

export const commands: readonly Register[] = [
  lint,
  simulate,
  convert,
  diff,
  routes,
  generateTests,
  status,
  serve,
  waysIn,
  lsp,
  completion,
  version,
];
