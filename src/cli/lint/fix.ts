// lint --fix: the safe fixes of findings, shown as a diff and written.

import { CannotRunError, EXIT, type LocatedDiagnostic } from '../../diagnostics/index.js';
import type { FailOn } from '../../lint/config.js';
import type { LintResult } from '../../lint/run.js';
import { counted } from '../../model/index.js';
import { type Io, wantsColor } from '../io.js';

/** Findings that are listed; the others are counted. */
const MOST_LEFT = 50;

/** What a person has to do: errors, warnings, and fixes that found no place; what is only information is counted. */
function sayLeft(left: readonly LocatedDiagnostic[], fixable: ReadonlySet<LocatedDiagnostic>, io: Io): void {
  const wrong = left.filter((d) => d.severity !== 'info' || fixable.has(d));
  for (const { position: at, code, message } of wrong.slice(0, MOST_LEFT))
    io.stderr.write(`fix by hand: ${at.file}:${at.line}:${at.column} ${code} ${message}\n`);
  const more = [
    ...(wrong.length > MOST_LEFT ? [counted(wrong.length - MOST_LEFT, 'more finding')] : []),
    ...(left.length > wrong.length ? [counted(left.length - wrong.length, 'info')] : []),
  ];
  if (more.length > 0) io.stderr.write(`left: ${more.join(' and ')}; meshgw lint shows them\n`);
}

interface FixFlags {
  readonly dryRun?: boolean;
  readonly failOn: FailOn;
  readonly color?: boolean;
}

/** Shows the changes as a diff; writes them unless --dry-run. */
export async function fixFindings(result: LintResult, flags: FixFlags, io: Io): Promise<number> {
  const [
    { applyFixes },
    { coloredPatch },
    { styleFor },
    { resolve },
    { readUserFile, writeUserFile },
    { failsOn, summaryOf },
  ] = await Promise.all([
    import('../../lint/fix.js'),
    import('../text-diff.js'),
    import('../../report/style.js'),
    import('node:path'),
    import('../../files/index.js'),
    import('../../lint/config.js'),
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
  const fixedNow = new Set(done);
  const files = fixed.files.length - refused.size;
  io.stderr.write(
    `${flags.dryRun ? 'would fix' : 'fixed'} ${done.length} of ${counted(result.diagnostics.length, 'finding')} in ${counted(files, 'file')}\n`,
  );
  const left = result.diagnostics.filter((d) => !fixedNow.has(d));
  sayLeft(left, new Set(fixed.left), io);
  return failsOn(summaryOf(flags.dryRun ? result.diagnostics : left), flags.failOn) || refused.size > 0
    ? EXIT.findings
    : EXIT.ok;
}
