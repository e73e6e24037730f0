// Completion scripts of shells, from a table of commands and flags.

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export interface FlagTable {
  /** `-o`, `--output`. */
  readonly names: readonly string[];
  readonly description: string;
  readonly value: 'none' | 'required' | 'optional';
  /** What its value can be; none: any text, completed as a path. */
  readonly words: readonly string[];
}

export interface CommandTable {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly FlagTable[];
  /** What its first argument can be. */
  readonly words: readonly string[];
  readonly takesFiles: boolean;
}

/** The text of the script; words of the tables are quoted for the shell. */
export const script = (shell: Shell, commands: readonly CommandTable[]): string => SCRIPTS[shell](commands);

const SCRIPTS: Readonly<Record<Shell, (commands: readonly CommandTable[]) => string>> = { bash, zsh, fish };

const TOP = ['--help', '--version'];
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const list = (words: readonly string[]): string => quoted(words.join(' '));
const namesOf = (flags: readonly FlagTable[]): string[] => flags.flatMap((f) => f.names);

/** Nothing offered is the shell's own completion of paths (`-o default`). */
function bash(commands: readonly CommandTable[]): string {
  const values = commands.flatMap(({ name, flags }) =>
    flags
      .filter((f) => f.value === 'required')
      .map((f) => {
        const cases = f.names.map((n) => quoted(`${name} ${n}`)).join('|');
        return `    ${cases}) ${f.words.length > 0 ? `offer=${list(f.words)}` : 'return'} ;;`;
      }),
  );
  const flags = commands.map(({ name, flags: own }) => `      ${name}) offer=${list(namesOf(own))} ;;`);
  const words = commands.filter((c) => c.words.length > 0).map((c) => `      ${c.name}) offer=${list(c.words)} ;;`);
  return `# meshgw completion bash
_meshgw() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command='' offer='' arguments=0 i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
    -*) ;;
    *) if [ -z "$command" ]; then command=\${COMP_WORDS[i]}; else arguments=$((arguments + 1)); fi ;;
    esac
  done
  COMPREPLY=()
  if [ -z "$command" ]; then
    COMPREPLY=($(compgen -W ${list([...commands.map((c) => c.name), ...TOP])} -- "$cur"))
    return
  fi
  case "$command $prev" in
${values.join('\n')}
  esac
  if [ -z "$offer" ] && [ "\${cur:0:1}" = - ]; then
    case "$command" in
${flags.join('\n')}
    esac
  elif [ -z "$offer" ] && [ "$arguments" = 0 ]; then
    case "$command" in
${words.join('\n')}
    esac
  fi
  if [ -n "$offer" ]; then COMPREPLY=($(compgen -W "$offer" -- "$cur")); fi
}
complete -o default -F _meshgw meshgw
`;
}

function zsh(commands: readonly CommandTable[]): string {
  const plain = (text: string) => text.replaceAll(/[\\[\]:]/g, (c) => `\\${c}`);
  const flagSpecs = ({ names, description, value, words }: FlagTable) => {
    const values = words.length > 0 ? `(${words.join(' ')})` : '_files';
    const takes = value === 'none' ? '' : `${value === 'optional' ? '::' : ':'}value:${values}`;
    return names.map((name) => `      ${quoted(`*${name}[${plain(description)}]${takes}`)}`);
  };
  const cases = commands.map(({ name, flags, words, takesFiles }) => {
    const first = words.length > 0 ? [`      ${quoted(`1:argument:(${words.join(' ')})`)}`] : [];
    const files = takesFiles ? ["      '*:path:_files'"] : [];
    return `  ${name})\n    _arguments -s \\\n${[...flags.flatMap(flagSpecs), ...first, ...files].join(' \\\n')}\n    ;;`;
  });
  const described = commands.map((c) => `    ${quoted(`${c.name}:${plain(c.description)}`)}`);
  return `#compdef meshgw
# meshgw completion zsh
_meshgw() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _meshgw ]; then _meshgw "$@"; else compdef _meshgw meshgw; fi
`;
}

function fish(commands: readonly CommandTable[]): string {
  const text = (t: string) => `'${t.replaceAll(/['\\]/g, (c) => `\\${c}`)}'`;
  const top = commands.map(
    (c) => `complete -c meshgw -n __fish_use_subcommand -f -a ${c.name} -d ${text(c.description)}`,
  );
  const below = commands.flatMap(({ name, flags, words, takesFiles }) => {
    const seen = `complete -c meshgw -n '__fish_seen_subcommand_from ${name}'`;
    const own = flags.map(({ names, description, value, words: values }) => {
      const called = names.map((n) => (n.startsWith('--') ? `-l ${n.slice(2)}` : `-s ${n.slice(1)}`)).join(' ');
      const offered = values.length > 0 ? ` -x -a ${text(values.join(' '))}` : value === 'required' ? ' -r' : '';
      return `${seen} ${called}${offered} -d ${text(description)}`;
    });
    const first = words.length > 0 ? [`${seen}${takesFiles ? '' : ' -f'} -a ${text(words.join(' '))}`] : [];
    return [...own, ...first];
  });
  return `# meshgw completion fish\n${[...top, ...below].join('\n')}\n`;
}
