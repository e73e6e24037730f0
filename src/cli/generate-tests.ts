// meshgw generate-tests: a regression suite from a configuration, as an exchange file for `simulate --check`.

import { EXIT } from '../diagnostics/index.js';
import { type InputFlags, oneOf, type Register, withInputFlags } from './command.js';
import type { Io } from './io.js';

interface Flags extends InputFlags {
  readonly output: 'json' | 'yaml';
  readonly gateway?: string;
}

export const register: Register = (program, io, finish) => {
  withInputFlags(program.command('generate-tests [paths...]'))
    .description(
      'generate requests that reach every route and every boundary, with the current answers, for simulate --check',
    )
    .option('--gateway <id>', 'only this gateway')
    .option('-o, --output <format>', 'json or yaml', oneOf('json', 'yaml'), 'json')
    .action(async (paths: string[], flags: Flags) => finish(await generateCommand(paths, flags, io)));
};

async function generateCommand(paths: readonly string[], flags: Flags, io: Io): Promise<number> {
  const [{ loadConfig, sayWithoutGateways }, { chooseGateway }, { generateTests }, { locate }] = await Promise.all([
    import('./load.js'),
    import('../api/choose-gateway.js'),
    import('../diff/index.js'),
    import('../sources/index.js'),
  ]);
  const config = await loadConfig(flags, paths, io);
  const { gateways } = config;
  sayWithoutGateways(gateways, io);
  await (await import('./refused.js')).sayRefused(config, io);
  const chosen = flags.gateway === undefined ? gateways : [chooseGateway(gateways, flags.gateway)];
  // Of several gateways in the files the one that was chosen is named, so that --check finds it without a flag.
  const { tests, notes } = generateTests(chosen, gateways.length > 1, locate);
  if (flags.output === 'yaml') {
    const [{ Document }, { yamlText }] = await Promise.all([import('yaml'), import('../convert/yaml-text.js')]);
    io.stdout.write(yamlText(new Document(tests, { aliasDuplicateObjects: false })));
  } else io.stdout.write(`${JSON.stringify(tests, null, 2)}\n`);
  for (const note of notes) io.stderr.write(`note: ${note}\n`);
  return EXIT.ok;
}
