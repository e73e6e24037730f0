// meshgw routes: the effective route table.

import { EXIT } from '../diagnostics/index.js';
import { assumedPart } from './assumptions.js';
import { type InputFlags, oneOf, type Register, withInputFlags } from './command.js';
import { type Io, wantsColor } from './io.js';

interface Flags extends InputFlags {
  readonly output: 'text' | 'json' | 'markdown';
  readonly gateway?: string;
}

export const register: Register = (program, io, finish) => {
  withInputFlags(program.command('routes [paths...]'))
    .description('list the routes of each gateway in order of precedence, with a request that reaches each')
    .option('--gateway <id>', 'only this gateway')
    .option('-o, --output <format>', 'text, json or markdown', oneOf('text', 'json', 'markdown'), 'text')
    .action(async (paths: string[], flags: Flags) => finish(await routesCommand(paths, flags, io)));
};

async function routesCommand(paths: readonly string[], flags: Flags, io: Io): Promise<number> {
  const [{ loadConfig, sayWithoutGateways }, { routes }, report, { styleFor }] = await Promise.all([
    import('./load.js'),
    import('../api/routes.js'),
    import('../report/routes.js'),
    import('../report/style.js'),
  ]);
  const config = await loadConfig(flags, paths, io);
  const table = routes(config, flags.gateway);
  sayWithoutGateways(table.gateways, io);
  await (await import('./refused.js')).sayRefused(config, io);
  if (flags.output === 'json')
    io.stdout.write((await import('../report/json.js')).reportJson({ ...table, ...assumedPart(config.assumptions) }));
  else if (flags.output === 'markdown') io.stdout.write(report.routesMarkdown(table));
  else io.stdout.write(report.routesText(table, styleFor(wantsColor(io, io.stdout, flags.color))));
  return EXIT.ok;
}
