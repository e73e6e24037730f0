// meshgw lint: is the configuration what was meant?

import { CannotRunError, EXIT } from '../diagnostics/index.js';
import type { FailOn } from '../lint/config.js';
import type { LintResult } from '../lint/run.js';
import { counted } from '../model/index.js';
import { assumedPart, sayAssumptions } from './assumptions.js';
import { collect, oneOf, type Register, withInputFlags } from './command.js';
import { type Io, wantsColor } from './io.js';
import { type LintConfigFlags, lintConfigFor } from './lint-config.js';

const FORMATS = ['text', 'json', 'sarif', 'junit', 'github', 'markdown'] as const;
type Format = (typeof FORMATS)[number];

interface Flags extends LintConfigFlags {
  readonly output: Format;
  readonly failOn: FailOn;
  readonly listRules?: boolean;
  readonly explain?: string;
  readonly perFolder?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
}

export const register: Register = (program, io, finish) => {
  withInputFlags(program.command('lint [paths...]'))
    .description('find mistakes and surprising behaviour')
    .option('-o, --output <format>', 'text, json, sarif, junit, github or markdown', oneOf(...FORMATS), 'text')
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
    .option('--list-rules', 'list all rules')
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
    const { explain, listRules } = await import('../lint/explain.js');
    io.stdout.write(flags.explain === undefined ? listRules() : explain(flags.explain));
    return EXIT.ok;
  }
  if (flags.fix && [...(flags.filename ?? []), ...paths].includes('-'))
    throw new CannotRunError('--fix needs files, not standard input', 'name the files to fix');
  const [{ loadFiles }, { readOptions }, { understand }, { lint }, { failsOn }, { progressOn }] = await Promise.all([
    import('./load.js'),
    import('./read-options.js'),
    import('../api/load.js'),
    import('../api/lint.js'),
    import('../lint/config.js'),
    import('./progress.js'),
  ]);
  const progress = progressOn(io, 'lint');
  const sources = await loadFiles(flags, paths, io);
  progress.at(READ);
  const [options, config] = [await readOptions(flags, io), await lintConfigFor(flags, io)];
  const loaded = understand(sources, options);
  progress.at(UNDERSTOOD);
  const how = {
    ...config,
    now: io.now(),
    progress: (share: number) => progress.at(UNDERSTOOD + share * (1 - UNDERSTOOD)),
  };
  const apart = flags.perFolder ? (await import('./per-folder.js')).environments(loaded, options) : undefined;
  const all = apart ? await (await import('./per-folder.js')).lintEach(apart, how) : await lint(loaded, how);
  progress.end();
  // Those with a place are findings.
  sayAssumptions(
    loaded.assumptions.filter(({ origin }) => origin === undefined),
    io,
  );
  if (flags.writeBaseline !== undefined) return writeBaseline(all, flags.writeBaseline, io);
  const result = flags.baseline === undefined ? all : await newFindings(all, flags.baseline, io);
  if (flags.fix) return fix(result, flags, io);
  io.stdout.write(
    await render({ ...result, ...assumedPart(loaded.assumptions) }, flags, io),
    flags.output === 'github' ? 'ci-commands' : undefined,
  );
  return failsOn(result.summary, flags.failOn) ? EXIT.findings : EXIT.ok;
}

async function writeBaseline({ diagnostics }: LintResult, file: string, io: Io): Promise<number> {
  const [{ baselineText }, { writeUserFile }] = await Promise.all([
    import('../lint/baseline.js'),
    import('../files/index.js'),
  ]);
  writeUserFile(file, baselineText(diagnostics), io);
  io.stderr.write(
    `${counted(diagnostics.length, 'finding')} written to ${file}: meshgw lint --baseline ${file} leaves them out\n`,
  );
  return EXIT.ok;
}

/** What the baseline does not hold; on stderr, how much it holds. */
async function newFindings(all: LintResult, file: string, io: Io): Promise<LintResult> {
  const [{ baselineOf, withoutKnown }, { readNamedFile }] = await Promise.all([
    import('../lint/baseline.js'),
    import('./named-file.js'),
  ]);
  const { result, known, gone } = withoutKnown(all, baselineOf(await readNamedFile(file, 'the baseline', io), file));
  const away =
    gone === 0 ? '' : `; ${gone} of it ${gone === 1 ? 'is' : 'are'} gone, write it again with --write-baseline ${file}`;
  io.stderr.write(`note: ${counted(known, 'finding')} of ${file} left out${away}\n`);
  return result;
}

async function render(result: LintResult & ReturnType<typeof assumedPart>, flags: Flags, io: Io): Promise<string> {
  switch (flags.output) {
    case 'text': {
      const [{ diagnosticsText }, { styleFor }] = await Promise.all([
        import('../report/diagnostics-text.js'),
        import('../report/style.js'),
      ]);
      return diagnosticsText(result, styleFor(wantsColor(io, io.stdout, flags.color)));
    }
    case 'json':
      return (await import('../report/diagnostics-json.js')).diagnosticsJson(result);
    case 'sarif': {
      const [{ diagnosticsSarif }, { ruleSummaries }, { VERSION }] = await Promise.all([
        import('../report/diagnostics-sarif.js'),
        import('../lint/explain.js'),
        import('./version.js'),
      ]);
      return diagnosticsSarif(result.diagnostics, ruleSummaries(), VERSION);
    }
    case 'junit':
      return (await import('../report/diagnostics-junit.js')).diagnosticsJunit(result);
    case 'markdown':
      return (await import('../report/diagnostics-markdown.js')).diagnosticsMarkdown(result);
    case 'github':
      return (await import('../report/diagnostics-github.js')).diagnosticsGithub(result.diagnostics);
  }
}

/** Shows the changes as a diff; writes them unless --dry-run. */
async function fix(result: LintResult, flags: Flags, io: Io): Promise<number> {
  const [
    { applyFixes },
    { coloredPatch },
    { styleFor },
    { resolve },
    { readUserFile, writeUserFile },
    { failsOn, summaryOf },
  ] = await Promise.all([
    import('../lint/fix.js'),
    import('./text-diff.js'),
    import('../report/style.js'),
    import('node:path'),
    import('../files/index.js'),
    import('../lint/config.js'),
  ]);
  const fixed = applyFixes(result.diagnostics, (file) => {
    const now = file === '<stdin>' ? undefined : readUserFile(resolve(io.cwd, file));
    return Buffer.isBuffer(now) ? now.toString('utf8') : undefined;
  });
  const style = styleFor(wantsColor(io, io.stdout, flags.color));
  const refused = new Set<string>();
  for (const { file, before, after } of fixed.files) {
    io.stdout.write(coloredPatch(file, file, before, after, style));
    if (flags.dryRun) continue;
    try {
      writeUserFile(file, after, io);
    } catch (error) {
      if (!(error instanceof CannotRunError)) throw error;
      refused.add(file);
      io.stderr.write(`not fixed: ${error.message}\n`);
    }
  }
  const done = fixed.fixed.filter(({ position }) => !refused.has(position.file));
  const files = fixed.files.length - refused.size;
  io.stderr.write(
    `${flags.dryRun ? 'would fix' : 'fixed'} ${done.length} of ${counted(result.diagnostics.length, 'finding')} in ${counted(files, 'file')}\n`,
  );
  const { SOURCE_CODES } = await import('../sources/index.js');
  const notRead = result.diagnostics.filter((d) => d.code === SOURCE_CODES.notRead.code);
  for (const { position: at, code, message } of [...notRead, ...fixed.left])
    io.stderr.write(`fix by hand: ${at.file}:${at.line}:${at.column} ${code} ${message}\n`);
  const mended = new Set(flags.dryRun ? [] : done);
  const open = summaryOf(result.diagnostics.filter((d) => !mended.has(d)));
  return failsOn(open, flags.failOn) || refused.size > 0 ? EXIT.findings : EXIT.ok;
}
