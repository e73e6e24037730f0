// Every command in every form, on `input.yaml` (with `other.yaml` beside it, `requests.yaml` and `meshgw.config.yaml`).

import type { Random } from './random.js';

const FROM = ['ingress', 'istio', 'gateway-api'];
const TO = ['ingress', 'istio', 'gateway-api', 'envoy'];
const of = (...words: readonly string[]): readonly string[] => words;

const LINT = ['text', 'json', 'sarif', 'junit', 'github'].map((o) => of('lint', 'input.yaml', '-o', o));
const SHOWN = [
  ...['text', 'json', 'markdown'].map((o) => of('routes', '-f', 'input.yaml', '-o', o)),
  ...['json', 'yaml'].map((o) => of('generate-tests', '-f', 'input.yaml', '-o', o)),
  ...['text', 'json', 'mermaid', 'html'].map((o) => of('ways-in', '-f', 'input.yaml', '-o', o)),
  ...['text', 'json'].map((o) => of('ways-in', '-f', 'input.yaml', '--advise', '-o', o)),
  of('ways-in', '-f', 'input.yaml', '--advise', '--need', 'jwt', '--need', 'constructor'),
];
const CONVERT = FROM.flatMap((from) =>
  TO.flatMap((to) => [
    of('convert', `${from}-to-${to}`, '-f', 'input.yaml', '--verify', '--report', 'report.json'),
    of('convert', `${from}-to-${to}`, '-f', 'input.yaml', '--plan'),
    of('convert', `${from}-to-${to}`, '-f', 'input.yaml', '--out', 'out', '--allow-loss', '-o', 'json'),
    of('convert', `${from}-to-${to}`, '-f', 'input.yaml', '--diff'),
  ]),
);
const DIFF = ['text', 'json', 'markdown', 'github'].flatMap((o) => [
  of('diff', 'other.yaml', 'input.yaml', '-o', o),
  of('diff', 'input.yaml', 'other.yaml', '--text', '-o', o),
]);
const SIMULATE = [
  of('simulate', '-f', 'input.yaml', 'http://shop.example.com/a?constructor=b', '-H', '__proto__: a', '--trace'),
  of('simulate', '-f', 'input.yaml', 'https://a.example.com/', '-o', 'json'),
  of('simulate', '-f', 'input.yaml', '--requests', 'requests.yaml', '--coverage'),
  of('simulate', '-f', 'input.yaml', '--requests', 'requests.yaml', '--trace', '-o', 'json'),
  of('simulate', '-f', 'input.yaml', '--check', 'requests.yaml'),
  of('simulate', '-f', 'input.yaml', '--check', 'requests.yaml', '--strict', '-o', 'json'),
];
const OTHERS = [
  of('lint', 'input.yaml', '--preset', 'strict', '--verbose'),
  of('lint', 'input.yaml', '--fix', '--dry-run'),
  of('lint', 'input.yaml', '--config', 'meshgw.config.yaml'),
  // Ports of the gateway are taken as they are, on an address of this loopback that nothing else uses.
  of('serve', '-f', 'input.yaml', '--host', '127.91.17.3', '-o', 'json', '--access-log', 'off'),
];

export const COMMANDS: readonly (readonly string[])[] = [
  ...LINT,
  ...SHOWN,
  ...CONVERT,
  ...DIFF,
  ...SIMULATE,
  ...OTHERS,
];

/** Commands that answer differently for whoever looks at them: one of each family, and some at random. */
export const someCommands = (random: Random, more: number): (readonly string[])[] => [
  random.pick(LINT),
  random.pick(SHOWN),
  random.pick(CONVERT),
  ...Array.from({ length: more }, () => random.pick(COMMANDS)),
];
