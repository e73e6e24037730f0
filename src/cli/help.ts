// What --help of a command says below its flags: examples that run as they are, and what its exit codes mean.

import type { Command } from 'commander';
import { greatest } from '../model/index.js';

interface Use {
  /** Arguments of meshgw, and what they do. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** What 1 means; absent: the command has no findings. */
  readonly findings?: string;
}

const USES: Readonly<Record<string, Use>> = {
  lint: {
    examples: [
      ['lint config/', 'everything below a folder'],
      ['lint config/ --fix', 'apply the safe fixes, list what remains'],
      ['lint config/ --changed origin/main', 'only files that the branch changes'],
      ['lint --explain MGW0101', 'a rule, with a bad and a good example'],
      ['lint config/ -o sarif', 'for code scanning'],
    ],
    findings: 'findings of --fail-on or worse',
  },
  simulate: {
    examples: [
      ['simulate -f config/ http://shop.example.com/cart', 'which route, and why'],
      ["simulate -f config/ -X POST -H 'x-user: a' https://shop.example.com/", 'with a method and a header'],
      ['simulate -f config/ --check tests.json', 'compare with expected answers'],
      ['simulate -f config/ --check shop.hurl -o junit', 'the same for CI, from a Hurl file'],
      ['simulate -f config/ -i', 'explore in the terminal'],
    ],
    findings: 'an answer differs (--check), or too few rules were reached',
  },
  convert: {
    examples: [
      ['convert ingress-to-gateway-api -f ingress.yaml', 'YAML on standard output'],
      ['convert ingress-to-istio -f old/ --out new/ --verify', 'files, proven against the input'],
      ['convert ingress-to-istio -f old/ --plan', 'in which order objects can move'],
    ],
    findings: 'something cannot be converted, or --verify found a difference',
  },
  diff: {
    examples: [
      ['diff before/ after/', 'two folders or files'],
      ['diff main:config/ config/', 'a revision of git and the files of now'],
      ['diff config/ --context prod', 'the files and a cluster'],
      ['diff main: . --tests tests.json', 'tests of what changed'],
    ],
    findings: 'they differ, or something could not be decided',
  },
  routes: {
    examples: [
      ['routes -f config/', 'all gateways'],
      ['routes -f config/ --gateway istio=ingressgateway -o markdown', 'one of them, as a table'],
    ],
  },
  'generate-tests': {
    examples: [
      ['generate-tests -f config/ > tests.json', 'then: meshgw simulate -f config/ --check tests.json'],
      ['generate-tests -f config/ -o yaml', 'the same as YAML'],
    ],
  },
  status: {
    examples: [
      ['status config/', 'per Gateway, route and parent'],
      ['status config/ --implementation standard', 'by the specification'],
    ],
    findings: 'an object is not accepted',
  },
  serve: {
    examples: [
      ['serve -f config/', 'an echo server behind every route'],
      ['serve -f config/ --upstream web=http://127.0.0.1:5000 --watch', 'your program behind one of them'],
      ['serve -f config/ --tui', 'requests as they come'],
    ],
  },
  'ways-in': {
    examples: [
      ['ways-in -f config/', 'every way to every service'],
      ['ways-in -f config/ -o html > ways.html', 'a page that answers requests'],
      ['ways-in -f config/ --advise', 'which approach each service needs'],
    ],
  },
  lsp: { examples: [['lsp --stdio', 'what an editor starts; docs/editors.md has its settings']] },
  completion: {
    examples: [
      ['completion bash > ~/.local/share/bash-completion/completions/meshgw', 'bash'],
      ['completion zsh > "${fpath[1]}/_meshgw"', 'zsh'],
      ['completion fish > ~/.config/fish/completions/meshgw.fish', 'fish'],
    ],
  },
};

/** The examples of a command: `meshgw` and its arguments, and what they do. */
export const examplesOf = (name: string): Use['examples'] => new Map(Object.entries(USES)).get(name)?.examples ?? [];

/** Adds examples and exit codes to the help of each command. */
export function addUses(program: Command): void {
  const uses = new Map(Object.entries(USES));
  for (const command of program.commands) {
    const use = uses.get(command.name());
    if (use) command.addHelpText('after', usesText(use));
  }
}

/** Beside each other where all fit into 80 columns. */
function usesText({ examples, findings }: Use): string {
  const width = greatest(
    examples.map(([line]) => line.length),
    0,
  );
  const fits = examples.every(([, what]) => '  meshgw '.length + width + 2 + what.length <= 80);
  const lines = examples.flatMap(([line, what]) =>
    fits ? [`  meshgw ${line.padEnd(width)}  ${what}`] : [`  # ${what}`, `  meshgw ${line}`],
  );
  const codes = ['  0  fine', ...(findings === undefined ? [] : [`  1  ${findings}`]), '  2  could not run'];
  return ['', 'Examples:', ...lines, '', 'Exit codes:', ...codes].join('\n');
}
