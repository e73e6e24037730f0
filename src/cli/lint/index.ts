// meshgw lint: is the configuration what was meant?

import { CannotRunError, EXIT } from '../../diagnostics/index.js';
import type { FailOn } from '../../lint/config.js';
import { assumedPart, sayAssumptions } from '../assumptions.js';
import { collect, oneOf, type Register, withInputFlags } from '../command.js';
import type { FolderMemory } from '../folder-memory.js';
import { inputsOf } from '../inputs.js';
import type { Io } from '../io.js';
import { type LintConfigFlags, lintConfigFor } from './config.js';
import { FORMATS } from './output.js';

interface Flags extends LintConfigFlags {
  readonly output: (typeof FORMATS)[number];
  readonly failOn: FailOn;
  readonly listRules?: boolean;
  readonly explain?: string;
  readonly perFolder?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  /** `true`: without a revision. */
  readonly changed?: string | true;
  readonly watch?: boolean;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
}

export const register: Register = (program, io, finish) => {
  withInputFlags(program.command('lint [paths...]'))
    .description('find mistakes and surprising behaviour')
    .option(
      '-o, --output <format>',
      'text, json, sarif, junit, github, gitlab (code quality) or markdown',
      oneOf(...FORMATS),
      'text',
    )
    .option(
      '--fail-on <severity>',
      'exit 1 on findings of this severity or worse: error, warning, info, never',
      oneOf('error', 'warning', 'info', 'never'),
      'error',
    )
    .option('--rule <code=level>', 'level of a rule: off, info, warning or error (repeatable)', collect)
    .option('--preset <name>', 'recommended, strict or migration', oneOf('recommended', 'strict', 'migration'))
    .option('--per-folder', 'each folder of the named ones by itself, as environments are applied')
    .option('--baseline <file>', 'leave out the findings that this file holds')
    .option('--write-baseline <file>', 'write the findings into a file for --baseline')
    .option(
      '--changed [revision]',
      'only findings in files that differ from the commit where this branch left REVISION (default: HEAD)',
    )
    .option('--watch', 'lint again when a file changes')
    .option('--list-rules', 'list all rules (-o json: as JSON)')
    .option('--explain <code>', 'show the documentation of a rule, with a bad and a good example')
    .option('--fix', 'apply safe fixes')
    .option('--dry-run', 'with --fix: show the changes, write nothing')
    .action(async (paths: string[], flags: Flags) => finish(await lintCommand(paths, flags, io)));
};

/** Shares of the time, measured on 10,000 documents, that are over when the files are read, and when the gateways are. */
const READ = 0.4;
const UNDERSTOOD = 0.6;

async function lintCommand(paths: readonly string[], flags: Flags, io: Io): Promise<number> {
  if (flags.listRules || flags.explain !== undefined) {
    const { explain, listRules, rulesJson } = await import('../../lint/explain.js');
    const list = flags.output === 'json' ? rulesJson : listRules;
    io.stdout.write(flags.explain === undefined ? list() : explain(flags.explain));
    return EXIT.ok;
  }
  refuseTogether(flags, inputsOf(flags, paths, io));
  const { revision, more } =
    flags.changed === undefined ? NOT_CHANGED : await (await import('./changed.js')).changedFrom(flags.changed, io);
  const memory = flags.watch ? (await import('../folder-memory.js')).nothingSeen() : undefined;
  // Settings are read once for each `flags`.
  const once = () => lintOnce([...more, ...paths], { ...flags }, revision, io, memory);
  return flags.watch ? (await import('./watch.js')).lintAgain(flags, [...more, ...paths], once, io) : once();
}

const NOT_CHANGED: { revision?: string; more: readonly string[] } = { more: [] };

function refuseTogether({ fix, watch, changed, writeBaseline }: Flags, inputs: readonly string[]): void {
  const [stdin, together] = [inputs.includes('-'), (a: string, b: string) => `${a} cannot be combined with ${b}`];
  if (fix && stdin) throw new CannotRunError('--fix needs files, not standard input', 'name the files to fix');
  if (watch && stdin) throw new CannotRunError('--watch needs files, not standard input', 'name the files to watch');
  if (watch && fix) throw new CannotRunError(together('--watch', '--fix'), 'remove one of them');
  if (writeBaseline !== undefined && changed !== undefined)
    throw new CannotRunError(together('--write-baseline', '--changed'), 'a baseline holds the findings of all files');
}

async function lintOnce(
  paths: readonly string[],
  flags: Flags,
  revision: string | undefined,
  io: Io,
  memory?: FolderMemory,
): Promise<number> {
  const [{ loadFiles }, { readOptions }, { understand }, { lint }, { failsOn }, { progressOn }] = await Promise.all([
    import('../load.js'),
    import('../read-options.js'),
    import('../../api/load.js'),
    import('../../api/lint.js'),
    import('../../lint/config.js'),
    import('../progress.js'),
  ]);
  const progress = progressOn(io, 'lint');
  const sources = await loadFiles(flags, paths, io, memory?.read);
  progress.at(READ);
  const [options, config] = [await readOptions(flags, io), await lintConfigFor(flags, io)];
  const loaded = await understand(sources, options, memory?.read);
  progress.at(UNDERSTOOD);
  const how = {
    ...config,
    now: io.now(),
    ...(memory ? { memory: (await import('../folder-memory.js')).foundBy(memory, config) } : {}),
    progress: (share: number) => progress.at(UNDERSTOOD + share * (1 - UNDERSTOOD)),
  };
  const apart = flags.perFolder ? await (await import('../per-folder.js')).environments(loaded, options) : undefined;
  const all = apart ? await (await import('../per-folder.js')).lintEach(apart, how) : await lint(loaded, how);
  progress.end();
  // Those with a place are findings.
  sayAssumptions(
    loaded.assumptions.filter(({ origin }) => origin === undefined),
    io,
  );
  if (flags.writeBaseline !== undefined)
    return (await import('./baseline.js')).writeBaseline(all, flags.writeBaseline, io);
  const fresh =
    flags.baseline === undefined ? all : await (await import('./baseline.js')).newFindings(all, flags.baseline, io);
  const result = revision === undefined ? fresh : await (await import('./changed.js')).changedOnly(fresh, revision, io);
  if (flags.fix) return (await import('./fix.js')).fixFindings(result, flags, io);
  const { printFindings } = await import('./output.js');
  await printFindings({ ...result, ...assumedPart(loaded.assumptions) }, flags, io);
  return failsOn(result.summary, flags.failOn) ? EXIT.findings : EXIT.ok;
}
