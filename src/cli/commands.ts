// All commands.

import { own } from '../model/index.js';
import type { Register } from './command.js';
import { register as completion } from './completion.js';
import { register as convert } from './convert.js';
import { register as diff } from './diff.js';
import { register as generateTests } from './generate-tests.js';
import { register as lint } from './lint/index.js';
import { register as lsp } from './lsp.js';
import { register as routes } from './routes.js';
import { register as serve } from './serve/index.js';
import { register as simulate } from './simulate.js';
import { register as status } from './status.js';
import { register as version } from './version-command.js';
import { register as waysIn } from './ways-in.js';

/** By name, in the order in which --help lists them. */
export const commands: Readonly<Record<string, Register>> = {
  lint,
  simulate,
  convert,
  diff,
  routes,
  'generate-tests': generateTests,
  status,
  serve,
  'ways-in': waysIn,
  lsp,
  completion,
  version,
};

/** The one that the arguments begin with: declaring the flags of all takes longer than some runs. All for help, completion and mistakes. */
export function commandsFor([name = '']: readonly string[]): readonly Register[] {
  const one = name === 'completion' ? undefined : own(commands, name);
  return one ? [one] : Object.values(commands);
}
