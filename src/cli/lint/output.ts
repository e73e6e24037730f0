// Findings in the format of --output.

import type { LintResult } from '../../lint/run.js';
import type { assumedPart } from '../assumptions.js';
import { type Io, wantsColor } from '../io.js';

/** What `--output` of lint takes. */
export const FORMATS = ['text', 'json', 'sarif', 'junit', 'github', 'gitlab', 'markdown'] as const;

interface OutputFlags {
  readonly output: (typeof FORMATS)[number];
  readonly color?: boolean;
}

type Findings = LintResult & ReturnType<typeof assumedPart>;

/** Writes the findings to stdout; with `github`, their table into the summary of the job too. */
export async function printFindings(result: Findings, flags: OutputFlags, io: Io): Promise<void> {
  const isGithub = flags.output === 'github';
  io.stdout.write(await render(result, flags, io), isGithub ? 'ci-commands' : undefined);
  if (isGithub && io.env.GITHUB_STEP_SUMMARY) await addToSummary(io.env.GITHUB_STEP_SUMMARY, result, io);
}

async function render(result: Findings, { output, color }: OutputFlags, io: Io): Promise<string> {
  switch (output) {
    case 'text': {
      const [{ diagnosticsText }, { styleFor }] = await Promise.all([
        import('../../report/diagnostics-text.js'),
        import('../../report/style.js'),
      ]);
      return diagnosticsText(result, styleFor(wantsColor(io, io.stdout, color)));
    }
    case 'json':
      return (await import('../../report/diagnostics-json.js')).diagnosticsJson({
        ...result,
        diagnostics: await edited(result),
      });
    case 'sarif': {
      const [{ diagnosticsSarif }, { ruleSummaries }, { VERSION }] = await Promise.all([
        import('../../report/diagnostics-sarif.js'),
        import('../../lint/explain.js'),
        import('../version.js'),
      ]);
      return diagnosticsSarif(await edited(result), ruleSummaries(), VERSION);
    }
    case 'junit':
      return (await import('../../report/diagnostics-junit.js')).diagnosticsJunit(result);
    case 'markdown':
      return markdown(result);
    case 'gitlab':
      return (await import('../../report/diagnostics-gitlab.js')).diagnosticsGitlab(result.diagnostics);
    case 'github':
      return (await import('../../report/diagnostics-github.js')).diagnosticsGithub(result.diagnostics);
  }
}

const markdown = async (result: Findings): Promise<string> =>
  (await import('../../report/diagnostics-markdown.js')).diagnosticsMarkdown(result);

const edited = async ({ diagnostics }: Findings): Promise<LintResult['diagnostics']> =>
  (await import('../../lint/edits.js')).withEdits(diagnostics);

/** GitHub shows this file of a step on the page of its job. What cannot be written is no reason to fail. */
async function addToSummary(file: string, result: Findings, io: Io): Promise<void> {
  const { readUserFile, writeUserFile } = await import('../../files/index.js');
  const before = readUserFile(file);
  try {
    writeUserFile(file, `${Buffer.isBuffer(before) ? before.toString('utf8') : ''}${await markdown(result)}\n`, io);
  } catch (error) {
    io.stderr.write(`note: no job summary: ${error instanceof Error ? error.message : error}\n`);
  }
}
