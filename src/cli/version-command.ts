// meshgw version: as --version.

import { EXIT } from '../diagnostics/index.js';
import type { Register } from './command.js';
import { VERSION } from './version.js';

export const register: Register = (program, io, finish) => {
  program
    .command('version')
    .description('print the version')
    .action(() => {
      io.stdout.write(`${VERSION}\n`);
      finish(EXIT.ok);
    });
};
