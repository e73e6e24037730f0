// meshgw status: what the controllers would write into the status of the objects, before anything is applied.

import { EXIT } from '../diagnostics/index.js';
import { assumedPart } from './assumptions.js';
import { type InputFlags, oneOf, type Register, withInputFlags } from './command.js';
import { type Io, wantsColor } from './io.js';

interface Flags extends InputFlags {
  readonly output: 'text' | 'json';
}

export const register: Register = (program, io, finish) => {
  withInputFlags(program.command('status [paths...]'))
    .description('print the conditions that a controller would set on Gateways and routes, before they are applied')
    .option('-o, --output <format>', 'text or json', oneOf('text', 'json'), 'text')
    .action(async (paths: string[], flags: Flags) => finish(await statusCommand(paths, flags, io)));
};

/** EXIT.findings where a condition says no, or a route has no parent that would set one. */
async function statusCommand(paths: readonly string[], flags: Flags, io: Io): Promise<number> {
  const [{ loadConfig }, { statusesOf, statusList, allAccepted }, { statusText }, { styleFor }, { locate }] =
    await Promise.all([
      import('./load.js'),
      import('../api/status.js'),
      import('../report/status-text.js'),
      import('../report/style.js'),
      import('../sources/index.js'),
    ]);
  const config = await loadConfig(flags, paths, io);
  const statuses = statusesOf(config);
  if (flags.output === 'json')
    io.stdout.write(
      `${JSON.stringify({ ...statusList(statuses), ...assumedPart(config.assumptions) }, undefined, 2)}\n`,
    );
  else if (statuses.length === 0) io.stderr.write('note: no object of the files has a status that meshgw computes\n');
  else io.stdout.write(statusText(statuses, locate, styleFor(wantsColor(io, io.stdout, flags.color))));
  return allAccepted(statuses) ? EXIT.ok : EXIT.findings;
}
