// The whole program as a function: arguments and an Io in, an exit code out.

import { Command, CommanderError, type Option } from 'commander';
import { CannotRunError, EXIT, shortened } from '../diagnostics/index.js';
import { OWN_FLAGS } from './command.js';
import { commandsFor } from './commands.js';
import { guarded } from './guarded-output.js';
import { addUses } from './help.js';
import type { Io } from './io.js';
import { VERSION } from './version.js';

/** Runs meshgw. Results go to `io.stdout`, everything else to `io.stderr`. Never rejects for a user's mistake. */
export async function run(argv: readonly string[], world: Io): Promise<number> {
  const io: Io = { ...world, stdout: guarded(world.stdout), stderr: guarded(world.stderr) };
  let code: number = EXIT.ok;
  const program = new Command('meshgw')
    .description('Validates, translates and simulates mesh ingress configuration.')
    .version(VERSION, '-V, --version')
    .showSuggestionAfterError()
    // Descriptions wrap in what long flags leave of 80 columns.
    .configureHelp({ minWidthToWrap: 20, groupItems: ownFlagsFirst })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns,
      getErrHelpWidth: () => io.stderr.columns,
      outputError: (text, write) => write(`${text.trimEnd()}\n${helpLine(program, argv[0])}\n`),
    })
    .addHelpText('after', EXAMPLES);
  const finish = (result: number) => {
    code = result;
  };
  for (const register of commandsFor(argv)) register(program, io, finish);
  addUses(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.cannotRun;
    if (error instanceof CannotRunError) {
      io.stderr.write(`error: ${error.message}\n${error.hint ? `hint: ${error.hint}\n` : ''}`);
      return EXIT.cannotRun;
    }
    io.stderr.write(
      `internal error in meshgw: please report it with the command that you ran.\n${shortened(String(error instanceof Error ? error.stack : error))}\n`,
    );
    return EXIT.cannotRun;
  }
}

/** Where the flags are: of the command that was named, if it is one. */
const helpLine = ({ commands }: Command, named: string | undefined): string =>
  commands.some((command) => command.name() === named)
    ? `Run 'meshgw ${named} --help' for its arguments and flags.`
    : "Run 'meshgw --help' for the commands and their flags.";

/** What a command alone takes, and then what all of them take. */
function ownFlagsFirst<T extends Command | Option>(
  _all: T[],
  shown: T[],
  getGroup: (item: T) => string,
): Map<string, T[]> {
  const groups = new Map<string, T[]>([[OWN_FLAGS, []]]);
  for (const item of shown) {
    const group = groups.get(getGroup(item));
    if (group) group.push(item);
    else groups.set(getGroup(item), [item]);
  }
  if (groups.get(OWN_FLAGS)?.length === 0) groups.delete(OWN_FLAGS);
  return groups;
}

const EXAMPLES = `
Examples:
  meshgw lint config/                              find mistakes and surprising behaviour
  meshgw simulate -f config/ http://a.example/x    which route matches, and why
  meshgw convert ingress-to-istio -f ingress.yaml  translate, with a report of every loss
  meshgw diff before/ after/                       for which requests they differ
  meshgw serve -f config/                          run the gateway locally

Exit codes: 0 fine, 1 findings or differences, 2 could not run.
`;
