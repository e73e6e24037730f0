// meshgw lsp: the findings of lint in an editor.

import { EXIT } from '../diagnostics/index.js';
import type { InputFlags, Register } from './command.js';
import { withInputFlags } from './command.js';
import type { Io } from './io.js';

export const register: Register = (program, io, finish) => {
  withInputFlags(program.command('lsp'))
    .description('language server on standard input and output: findings, hover, fixes, definitions, references')
    .option('--stdio', 'the only way to talk to it; editors name it')
    .action(async (flags: InputFlags) => finish(await lspCommand(flags, io)));
};

async function lspCommand(flags: InputFlags, io: Io): Promise<number> {
  const [{ stdioConnection }, { serveEditor }, { checkFolder }, { VERSION }] = await Promise.all([
    import('../lsp/stdio.js'),
    import('../lsp/server.js'),
    import('./lsp-check.js'),
    import('./version.js'),
  ]);
  const connection = stdioConnection();
  const ended = new Promise<void>((resolve) => connection.onExit(resolve));
  serveEditor({ connection, check: checkFolder(flags, io), cwd: io.cwd, version: VERSION });
  await ended;
  return EXIT.ok;
}
