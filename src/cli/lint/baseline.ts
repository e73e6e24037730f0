// lint --write-baseline and --baseline: the findings that a repository has already.

import { EXIT } from '../../diagnostics/index.js';
import type { LintResult } from '../../lint/run.js';
import { counted } from '../../model/index.js';
import type { Io } from '../io.js';

/** Writes all findings for `--baseline`. */
export async function writeBaseline({ diagnostics }: LintResult, file: string, io: Io): Promise<number> {
  const [{ baselineText }, { writeUserFile }] = await Promise.all([
    import('../../lint/baseline.js'),
    import('../../files/index.js'),
  ]);
  writeUserFile(file, baselineText(diagnostics), io);
  io.stderr.write(
    `${counted(diagnostics.length, 'finding')} written to ${file}: meshgw lint --baseline ${file} leaves them out\n`,
  );
  return EXIT.ok;
}

/** What the baseline does not hold; on stderr, how much it holds. */
export async function newFindings(all: LintResult, file: string, io: Io): Promise<LintResult> {
  const [{ baselineOf, withoutKnown }, { readNamedFile }] = await Promise.all([
    import('../../lint/baseline.js'),
    import('../named-file.js'),
  ]);
  const { result, known, gone } = withoutKnown(all, baselineOf(await readNamedFile(file, 'the baseline', io), file));
  const away =
    gone === 0 ? '' : `; ${gone} of it ${gone === 1 ? 'is' : 'are'} gone, write it again with --write-baseline ${file}`;
  io.stderr.write(`note: ${counted(known, 'finding')} of ${file} left out${away}\n`);
  return result;
}
