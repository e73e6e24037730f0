// meshgw diff BEFORE AFTER: for which requests do two configurations differ?

import { CannotRunError, EXIT } from '../diagnostics/index.js';
import { type InputFlags, oneOf, type Register, withInputFlags } from './command.js';
import { type Io, wantsColor } from './io.js';

interface Flags extends InputFlags {
  readonly output: 'text' | 'json' | 'markdown' | 'github';
  readonly text?: boolean;
  readonly gateway?: string;
}

export const register: Register = (program, io, finish) => {
  withInputFlags(program.command('diff <before> [after]'))
    .description(
      'prove two configurations equal, or show requests that they answer differently; a side is a path, or REVISION:PATH of git; the second one may be a cluster (--context) or what an Envoy runs (--envoy)',
    )
    .option('--text', 'also show the textual diff')
    .option('--gateway <name>', 'where one side is what Envoy runs: the gateway of the other side that it is')
    .option(
      '-o, --output <format>',
      'text, json, markdown or github',
      oneOf('text', 'json', 'markdown', 'github'),
      'text',
    )
    .action(async (before: string, after: string | undefined, flags: Flags) =>
      finish(await diffCommand(before, after, flags, io)),
    );
};

async function diffCommand(before: string, after: string | undefined, flags: Flags, io: Io): Promise<number> {
  if (flags.filename?.length) throw new CannotRunError('diff takes two paths, not -f', 'meshgw diff before/ after/');
  const [{ loadCluster, loadSide }, { diff }, report, { styleFor }, { sayAssumptions }] = await Promise.all([
    import('./diff-side.js'),
    import('../api/diff.js'),
    import('../report/diff.js'),
    import('../report/style.js'),
    import('./assumptions.js'),
  ]);
  const [a, b] = [
    await loadSide(before, flags, io),
    await (after === undefined ? loadCluster(flags, io) : loadSide(after, flags, io)),
  ];
  const { sayRefused } = await import('./refused.js');
  for (const side of [a, b]) await sayRefused(side, io);
  const result = diff(a, b, flags.gateway === undefined ? {} : { gateway: flags.gateway });
  sayAssumptions(result.assumptions, io);
  const style = styleFor(wantsColor(io, io.stdout, flags.color));
  if (flags.output === 'json') io.stdout.write((await import('../report/json.js')).reportJson(result));
  else if (flags.output === 'markdown') io.stdout.write(report.diffMarkdown(result));
  else if (flags.output === 'github') io.stdout.write(report.diffGithub(result), 'ci-commands');
  else io.stdout.write(report.diffText(result, style));
  if (flags.text) {
    const { textDiffOfSources } = await import('./text-diff.js');
    (flags.output === 'json' ? io.stderr : io.stdout).write(textDiffOfSources(a.sources, b.sources, style));
  }
  return result.equivalent === true ? EXIT.ok : EXIT.findings;
}
