// npm run istio:real -- truth|convert|fuzz …: see README.md beside this file.
import { CannotRunError } from '../../src/diagnostics/index.js';
import { askFile } from './ask-file.js';
import { checkConversions } from './convert.js';
import { fuzz } from './fuzz.js';
import { judgeFiles } from './judge-files.js';
import { replayTruth } from './truth.js';
import { compareVerdicts } from './verdicts.js';
import { startWitnesses } from './witnesses.js';

const COMMANDS: Readonly<
  Record<string, (w: Awaited<ReturnType<typeof startWitnesses>>, args: string[]) => Promise<boolean>>
> = {
  ask: askFile,
  truth: replayTruth,
  convert: checkConversions,
  fuzz,
  verdicts: compareVerdicts,
  judge: judgeFiles,
};

async function main(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (!command)
    throw new CannotRunError(`no such check: ${name || '(none)'}`, `one of ${Object.keys(COMMANDS).join(', ')}`);
  const witnesses = await startWitnesses();
  try {
    return (await command(witnesses, args)) ? 0 : 1;
  } finally {
    witnesses.close();
  }
}

main().then(
  (code) => process.exit(code),
  (e: unknown) => {
    console.error(e instanceof CannotRunError ? `NOT RUN: ${e.message}${e.hint ? `\n  ${e.hint}` : ''}` : e);
    process.exit(2);
  },
);
