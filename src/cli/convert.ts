// meshgw convert: the same meaning in another dialect, with every loss named.

import { Argument } from 'commander';
import type { LoadedConfig } from '../api/load.js';
import type { Translation } from '../convert/convert.js';
import type { Plan } from '../convert/plan.js';
import type { Source, Target } from '../convert/scope.js';
import { CannotRunError, EXIT, nearestName } from '../diagnostics/index.js';
import type { WriteOptions } from '../dialects/dialect.js';
import { profileOf, sourceNames, targetNames } from '../dialects/registry.js';
import { own } from '../model/index.js';
import { assumedPart } from './assumptions.js';
import { type InputFlags, oneOf, type Register, suggested, withInputFlags } from './command.js';
import { secretName, targetGateway } from './flag-values.js';
import { type Io, wantsColor } from './io.js';
import { settingsOf } from './settings.js';

interface Flags extends InputFlags {
  readonly report?: string;
  readonly verify?: boolean;
  readonly allowLoss?: boolean;
  readonly failOpen?: boolean;
  readonly allowExperimental?: boolean;
  readonly allowEnvoyfilter?: boolean;
  readonly forwardedHeaders?: boolean;
  readonly defaultTlsSecret?: string;
  readonly targetGateway?: string;
  readonly out?: string;
  readonly diff?: boolean | string;
  readonly plan?: boolean;
  readonly output: 'yaml' | 'json' | 'markdown';
}

const NAMES = sourceNames.flatMap((from) => targetNames.map((to) => `${from}-to-${to}`));

export const register: Register = (program, io, finish) => {
  const translation = new Argument('<a-to-b>').argParser(suggested(NAMES));
  withInputFlags(program.command('convert').addArgument(translation).argument('[paths...]'))
    .description(`translate: <from>-to-<to>, from ${sourceNames.join(', ')}, to ${targetNames.join(', ')}`)
    .option('--verify', 'prove that input and output answer every request the same, or list the differences')
    .option('--report <file>', 'write the report as JSON')
    .option('--allow-loss', 'exit 0 even if something could not be converted')
    .option('--fail-open', 'write rules without the protection that the target cannot express, instead of closing them')
    .option(
      '--default-tls-secret <namespace/name>',
      'certificate for hosts that the source serves with its default one',
    )
    .option(
      '--target-gateway <namespace/label=value>',
      'Istio: gateway workload that the output binds to (default: istio=ingressgateway)',
    )
    .option('--allow-experimental', 'Gateway API: use fields of the experimental channel')
    .option(
      '--allow-envoyfilter',
      'Istio: write EnvoyFilters for request body limits and rate limits per client; Gateway API under Istio: for rate limits',
    )
    .option(
      '--forwarded-headers',
      'leaving ingress-nginx: set X-Real-IP, X-Forwarded-Host, X-Forwarded-Scheme and X-Scheme on each rule',
    )
    .option('--out <folder>', 'write one file per object, instead of standard output')
    .option('--diff [folder]', 'show the textual diff against the input, or against an existing output folder')
    .option('--plan', 'show the order of a move: objects that are ready, ready after decisions, or cannot move')
    .option('-o, --output <format>', 'yaml, json, or (of a plan) markdown', oneOf('yaml', 'json', 'markdown'), 'yaml')
    .action(async (route: string, paths: string[], flags: Flags) =>
      finish(await convertCommand(route, paths, flags, io)),
    );
};

function requireTranslation(name: string): void {
  if (NAMES.includes(name)) return;
  const near = nearestName(name, NAMES);
  throw new CannotRunError(
    `unknown translation ${JSON.stringify(name)}${near === undefined ? '' : `; did you mean ${near}?`}`,
    `write <from>-to-<to> with from one of ${sourceNames.join(', ')} and to one of ${targetNames.join(', ')}`,
  );
}

/** Shares of the bar: until the files are read, and until they are translated. */
const READ = 0.05;
const TRANSLATED = 0.1;

async function convertCommand(route: string, paths: readonly string[], flags: Flags, io: Io): Promise<number> {
  requireTranslation(route);
  const [{ loadConfig }, { noteItems, prove, reportItems, translate }, { isRead }, { progressOn }] = await Promise.all([
    import('./load.js'),
    import('../api/convert.js'),
    import('../api/writers.js'),
    import('./progress.js'),
  ]);
  const [from, to] = route.split('-to-') as [Source, Target];
  refuseFlags(flags, to, isRead);
  const proves = flags.verify || (flags.report !== undefined && isRead(to));
  const progress = progressOn(io, proves ? 'convert and verify' : 'convert');
  const config = await loadConfig(flags, paths, io);
  await (await import('./refused.js')).sayRefused(config, io);
  progress.at(proves ? READ : 0.5);
  const { options, decisions } = await writeSettings(flags, to, io);
  const translation = translate(config, { from, to, ...options });
  const decided = (await import('../convert/decided.js')).decidedItems(translation.items, decisions);
  progress.at(proves ? TRANSLATED : 0.9);
  if (!proves || flags.plan) progress.end();
  if (flags.plan) return showPlan((await import('../convert/plan.js')).plan(translation, decisions), flags, io);
  await showOutput(config, translation, flags, io);
  // The report names a request for each approximation: only the comparison knows one.
  const verification = proves
    ? prove(config, translation, (share) => progress.at(TRANSLATED + share * (1 - TRANSLATED)))
    : undefined;
  progress.end();
  const items = reportItems(translation.items, verification?.shown, decided);
  const verified = flags.verify ? verification?.verified : undefined;
  const style = (await import('../report/style.js')).styleFor(wantsColor(io, io.stderr, flags.color));
  const { renderItems } = await import('../report/conversion-text.js');
  io.stderr.write(renderItems(items, style, io.stderr.columns, noteItems(translation.notes)));
  if (verified) {
    const { renderVerification } = await import('../report/verification-text.js');
    io.stderr.write(renderVerification(verified, style, new Set([...decided].map((i) => i.feature))));
  }
  if (flags.report !== undefined) {
    const { writeUserFile } = await import('../files/index.js');
    const report = { items, ...(verified ? { verified } : {}), ...assumedPart(config.assumptions) };
    writeUserFile(flags.report, (await import('../report/json.js')).reportJson(report), io);
  }
  const lost = items.some((i) => i.severity === 'refused' && !i.decided) && !flags.allowLoss;
  return lost || (verified && verified.unannounced > 0) ? EXIT.findings : EXIT.ok;
}

/** Throws CannotRunError for flags that do not fit the target or each other, before anything is read. */
function refuseFlags({ verify, output, plan }: Flags, to: Target, isRead: (to: Target) => boolean): void {
  if (verify && targetNames.includes(to) && !isRead(to))
    throw new CannotRunError(
      `--verify is not available: meshgw does not read ${profileOf(to).title}`,
      'verify a translation to Istio, or run the bootstrap: meshgw serve --engine envoy',
    );
  if (output === 'markdown' && !plan)
    throw new CannotRunError('-o markdown is for a plan', 'add --plan, or choose yaml or json');
}

/** What the flags, and behind them meshgw.config.yaml, ask of the output. */
async function writeSettings(flags: Flags, to: Target, io: Io) {
  const { environment, convert: section } = await settingsOf(flags, io);
  const said = section && (await import('./config/convert.js')).convertConfigOf(section);
  const decisions = said?.decisions ?? {};
  const secret = flags.defaultTlsSecret ? secretName(flags.defaultTlsSecret) : environment.defaultTlsSecret;
  const workload = flags.targetGateway ? targetGateway(flags.targetGateway) : environment.targetGateway;
  if (flags.targetGateway && to !== 'istio')
    throw new CannotRunError(
      `--target-gateway is for a translation to Istio, not to ${to}`,
      'Istio deploys a workload for each Gateway of the Gateway API; an Ingress is bound by its class',
    );
  const open = Object.keys(decisions).filter((feature) => own(decisions, feature) === 'open');
  const options: WriteOptions = {
    ...(secret ? { defaultTlsSecret: secret } : {}),
    ...(workload ? { targetGateway: workload } : {}),
    ...(flags.failOpen ? { failOpen: true } : {}),
    ...(open.length > 0 ? { openFor: open } : {}),
    ...(flags.forwardedHeaders || said?.forwardedHeaders ? { forwardedHeaders: true } : {}),
    ...(flags.allowExperimental || said?.allowExperimental ? { allowExperimental: true } : {}),
    ...(flags.allowEnvoyfilter || said?.allowEnvoyfilter ? { allowEnvoyFilter: true } : {}),
  };
  return { options, decisions };
}

/** The objects: as a difference, as files, or as they are. */
async function showOutput(config: LoadedConfig, translation: Translation, flags: Flags, io: Io): Promise<void> {
  const { yamlOf } = await import('../api/convert.js');
  const textOf = () =>
    flags.output === 'json' ? `${JSON.stringify(translation.objects, null, 2)}\n` : yamlOf(translation);
  if (flags.diff !== undefined) {
    const { showTextDiff } = await import('./text-diff.js');
    const { styleFor } = await import('../report/style.js');
    showTextDiff(
      config,
      { translation, text: textOf() },
      flags.diff,
      io,
      styleFor(wantsColor(io, io.stdout, flags.color)),
    );
  } else if (flags.out !== undefined) {
    const { writeFiles } = await import('./write-files.js');
    writeFiles(flags.out, translation, io);
  } else io.stdout.write(textOf());
}

async function installationText({ installation }: Plan): Promise<string | undefined> {
  if (!installation) return undefined;
  const [{ toYaml }, { locate }] = await Promise.all([import('../convert/to-yaml.js'), import('../sources/index.js')]);
  return toYaml([installation], new Map(), locate);
}

async function showPlan(table: Plan, flags: Flags, io: Io): Promise<number> {
  if (flags.output === 'json') io.stdout.write((await import('../report/json.js')).reportJson(table));
  else if (flags.output === 'markdown')
    io.stdout.write((await import('../report/plan-markdown.js')).planMarkdown(table, await installationText(table)));
  else {
    const [{ renderPlan }, { styleFor }] = await Promise.all([
      import('../report/plan-text.js'),
      import('../report/style.js'),
    ]);
    io.stdout.write(renderPlan(table, styleFor(wantsColor(io, io.stdout, flags.color)), io.stdout.columns));
  }
  return EXIT.ok;
}
