// meshgw ways-in: every way from outside to each service, and which approach each needs.

import type { LoadedConfig } from '../api/load.js';
import type { Source, Target } from '../convert/scope.js';
import { CannotRunError, EXIT } from '../diagnostics/index.js';
import type { WaysIn } from '../model/index.js';
import type { AdviseOptions, WaysOptions } from '../ways-in/index.js';
import { assumedPart } from './assumptions.js';
import { collect, type InputFlags, oneOf, type Register, withInputFlags } from './command.js';
import { type Io, wantsColor } from './io.js';

interface Flags extends InputFlags {
  readonly output: 'text' | 'json' | 'mermaid' | 'html';
  readonly advise?: boolean;
  readonly need?: readonly string[];
  readonly service?: string;
}

export const register: Register = (program, io, finish) => {
  withInputFlags(program.command('ways-in [paths...]'))
    .description(
      'list every way from outside to each service, with a request for each; --advise: which approach each service needs',
    )
    .option('-o, --output <format>', 'text, json, mermaid or html', oneOf('text', 'json', 'mermaid', 'html'), 'text')
    .option('--service <name>', 'only this service: namespace/name, name or host')
    .option(
      '--advise',
      'show which of NodePort/LoadBalancer, Ingress, Istio Gateway, API gateway each service needs, and how to move there',
    )
    .option(
      '--need <feature>',
      'with --advise: a feature that is also required, e.g. jwt, rate-limit, tls (repeatable)',
      collect,
    )
    .action(async (paths: string[], flags: Flags) => finish(await waysInCommand(paths, flags, io)));
};

async function waysInCommand(paths: readonly string[], flags: Flags, io: Io): Promise<number> {
  const [{ loadConfig }, { waysIn }, { answer }, { locate }] = await Promise.all([
    import('./load.js'),
    import('../ways-in/index.js'),
    import('../api/ways-in-answer.js'),
    import('../sources/index.js'),
  ]);
  const config = await loadConfig(flags, paths, io);
  const advise = flags.advise || flags.need ? await adviseOptions(config, paths, flags) : undefined;
  const options: WaysOptions = { locate, answer, ...(advise ? { advise } : {}) };
  const all = waysIn(config, options);
  const ways = flags.service === undefined ? all : only(all, flags.service);
  const style = async () => (await import('../report/style.js')).styleFor(wantsColor(io, io.stdout, flags.color));
  switch (flags.output) {
    case 'json':
      io.stdout.write((await import('../report/json.js')).reportJson({ ...ways, ...assumedPart(config.assumptions) }));
      break;
    case 'mermaid':
      io.stdout.write((await import('../report/ways-in-mermaid.js')).waysInMermaid(ways));
      break;
    case 'html':
      io.stdout.write(await (await import('./ways-in-page.js')).page(config, ways, io));
      break;
    default:
      io.stdout.write((await import('../report/ways-in-text.js')).waysInText(ways, await style()));
  }
  return EXIT.ok;
}

function only(all: WaysIn, name: string): WaysIn {
  const services = all.services.filter(
    (s) => s.name === name || s.host === name || s.name.split('/').at(-1) === name || s.host.startsWith(`${name}.svc.`),
  );
  if (services.length > 0) return { ...all, services };
  throw new CannotRunError(
    `no service ${JSON.stringify(name)} in the files`,
    `known services:  ${all.services.map((s) => s.name).join(', ') || 'none'}`,
  );
}

async function adviseOptions(config: LoadedConfig, paths: readonly string[], flags: Flags): Promise<AdviseOptions> {
  const [{ FEATURES }, { translate: translateTo }] = await Promise.all([
    import('../ways-in/index.js'),
    import('../api/convert.js'),
  ]);
  const names = FEATURES.map((f) => f.name);
  for (const need of flags.need ?? [])
    if (!names.includes(need))
      throw new CannotRunError(`unknown feature: --need ${need}`, `must be one of ${names.join(', ')}`);
  const inputs = [...(flags.filename ?? []), ...paths].map((p) => `-f ${shellWord(p)}`).join(' ');
  const tried = new Map<string, ReturnType<AdviseOptions['translate']>>();
  const translate: AdviseOptions['translate'] = (route) => {
    if (tried.has(route)) return tried.get(route);
    const [from, to] = route.split('-to-') as [Source, Target];
    let items: ReturnType<AdviseOptions['translate']>;
    try {
      items = translateTo(config, { from, to }).items;
    } catch (error) {
      if (!(error instanceof CannotRunError)) throw error;
    }
    tried.set(route, items);
    return items;
  };
  return { needs: flags.need ?? [], command: (route) => `meshgw convert ${route} ${inputs} --verify`, translate };
}

const shellWord = (text: string): string =>
  /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
