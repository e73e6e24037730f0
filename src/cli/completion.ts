// meshgw completion: what a shell offers after a Tab, from the tables that --help is made of.

import { Argument, type Command, type Option } from 'commander';
import { EXIT } from '../diagnostics/index.js';
import { type CommandTable, type FlagTable, SHELLS, type Shell, script } from '../report/completion.js';
import { oneOf, type Register, wordsOf } from './command.js';

export const register: Register = (program, io, finish) => {
  program
    .command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>', SHELLS.join(', ')).argParser(oneOf(...SHELLS)))
    .action((shell: Shell) => {
      io.stdout.write(script(shell, tableOf(program)));
      finish(EXIT.ok);
    });
};

/** Hidden flags are left out; `help` takes the names of commands. */
function tableOf(program: Command): CommandTable[] {
  const names = program.commands.map((c) => c.name());
  return [
    ...program.commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      flags: [...command.options.filter((o) => !o.hidden).map(flagOf), HELP],
      words: command.registeredArguments.flatMap((argument) => wordsOf(argument)),
      takesFiles: command.registeredArguments.some((argument) => argument.variadic || wordsOf(argument).length === 0),
    })),
    { name: 'help', description: 'show the help of a command', flags: [], words: names, takesFiles: false },
  ];
}

const HELP: FlagTable = { names: ['-h', '--help'], description: 'show help', value: 'none', words: [] };

const flagOf = (option: Option): FlagTable => ({
  names: [option.short, option.long].flatMap((name) => name ?? []),
  description: option.description,
  value: option.required ? 'required' : option.optional ? 'optional' : 'none',
  words: wordsOf(option),
});
