// npm run real -- <system> <command> …: see README.md beside this file.
import { CannotRunError } from '../../src/diagnostics/index.js';
import type { Command, System } from './system.js';

type Systems = Readonly<Record<string, System>>;

/** Runs one command and exits: 0 they agree, 1 they differ, 2 nothing was compared. */
export function main(systems: Systems): void {
  run(systems, process.argv.slice(2)).then(
    (agree) => process.exit(agree ? 0 : 1),
    (e: unknown) => {
      console.error(e instanceof CannotRunError ? `NOT RUN: ${e.message}${e.hint ? `\n  ${e.hint}` : ''}` : inWords(e));
      process.exit(2);
    },
  );
}

/** A file that is not there is no fault of the program. */
const inWords = (e: unknown): unknown =>
  e instanceof Error && 'code' in e && e.code === 'ENOENT' ? `NOT RUN: ${e.message}` : e;

async function run(systems: Systems, [name = '', verb = '', ...args]: readonly string[]): Promise<boolean> {
  const command = systems[name]?.commands[verb];
  if (!command) throw new CannotRunError(`no such command: ${`${name} ${verb}`.trim() || '(none)'}`, list(systems));
  const needed = command.usage.split(' ').filter((word) => word.startsWith('<')).length;
  if (args.length < needed) throw new CannotRunError(`${name} ${verb} needs ${command.usage}`);
  return inTime(command, args);
}

async function inTime({ run, limit }: Command, args: readonly string[]): Promise<boolean> {
  const seconds = process.env.LIMIT ? Number(process.env.LIMIT) : limit;
  if (seconds === undefined) return run(args);
  const late = new Promise<never>((_, reject) => {
    const end = () => reject(new CannotRunError(`not done after ${seconds} s`, 'LIMIT=<seconds> allows more'));
    setTimeout(end, seconds * 1000).unref();
  });
  return Promise.race([run(args), late]);
}

const list = (systems: Systems): string =>
  Object.entries(systems)
    .map(([name, { about, commands }]) =>
      [
        about,
        ...Object.entries(commands).map(([verb, { usage }]) => `  npm run real -- ${name} ${verb} ${usage}`),
      ].join('\n  '),
    )
    .join('\n  ');
