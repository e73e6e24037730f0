// meshgw simulate: where does this request go, and why?

import type { LoadedConfig } from '../api/load.js';
import { CannotRunError, EXIT } from '../diagnostics/index.js';
import {
  CLIENT_CERTIFICATES,
  type ClientCertificate,
  type GatewayRequest,
  type SimulationResult,
} from '../model/index.js';
import type { RequestFile } from '../requests/index.js';
import { address, collect, type InputFlags, integer, oneOf, type Register, withInputFlags } from './command.js';
import { type Io, wantsColor } from './io.js';
import { urlsAndPaths } from './url-or-path.js';

interface Flags extends InputFlags {
  readonly request?: string;
  readonly header?: readonly string[];
  readonly data?: string;
  readonly gateway?: string;
  readonly requests?: string;
  readonly check?: string;
  readonly strict?: boolean;
  readonly output: 'text' | 'json' | 'junit' | 'github';
  readonly trace?: boolean;
  readonly seed?: number;
  readonly source?: string;
  readonly sni?: string;
  readonly clientCertificate?: ClientCertificate;
  readonly failUnder?: number;
  readonly coverage?: boolean;
  readonly interactive?: boolean;
}

export const register: Register = (program, io, finish) => {
  withInputFlags(program.command('simulate [what...]'))
    .description('show which route a request takes; arguments are URLs and paths of configuration')
    .option('-X, --request <method>', 'method of the request (default: GET, POST with --data)')
    .option('-H, --header <line>', "a header, 'name: value' (repeatable)", collect)
    .option('-d, --data <body>', 'body of the request; @FILE reads it from a file')
    .option('--gateway <id>', 'the gateway to use, e.g. istio=ingressgateway, default/gw, ingress-nginx')
    .option(
      '--requests <file>',
      'file of requests: format of meshgw, Hurl, Envoy router_check, istio-config-validator, HAR, access log',
    )
    .option('--check <file>', 'exchanges to compare with: exit 1 if an answer differs')
    .option('--strict', 'with --check: the lists of headers are complete')
    .option('--fail-under <percent>', 'with --requests or --check: exit 1 if fewer rules were reached', integer(0, 100))
    .option('--coverage', 'with --requests or --check: list the rules that no request reached')
    .option('--trace', 'show each step, and why each rule was skipped')
    .option('--seed <n>', 'seed for random choices (default: the likeliest outcome)', integer(0, 2 ** 32 - 1))
    .option('--source <address>', 'client address', address)
    .option('--sni <name>', "TLS server name; '' sends none (default: the host)")
    .option(
      '--client-certificate <which>',
      `what the client shows where TLS asks for a certificate: ${CLIENT_CERTIFICATES.join(', ')} (default: good)`,
      oneOf(...CLIENT_CERTIFICATES),
    )
    .option('-i, --interactive', 'explore in the terminal')
    .option(
      '-o, --output <format>',
      'text or json; with --check also junit or github',
      oneOf('text', 'json', 'junit', 'github'),
      'text',
    )
    .action(async (what: string[], flags: Flags) => finish(await simulate(what, flags, io)));
};

async function simulate(what: readonly string[], flags: Flags, io: Io): Promise<number> {
  const { urls, paths } = urlsAndPaths(what, io.cwd);
  const file = flags.check === undefined ? flags.requests : flags.check;
  if (file !== undefined) refuseBesideFile(urls, flags);
  if (flags.check === undefined && (flags.output === 'junit' || flags.output === 'github'))
    throw new CannotRunError(`-o ${flags.output} needs --check`, 'answers alone are no tests: -o text or -o json');
  const { loadConfig } = await import('./load.js');
  const loaded = await loadConfig(flags, paths, io);
  const checked = flags.check === undefined ? undefined : await readRequests(flags.check, io);
  const config = checked?.format === 'router-check' ? await readForTests(loaded, checked) : loaded;
  if (flags.interactive) {
    const { explore } = await import('./explore.js');
    return explore(config, urls[0], flags, io);
  }
  const [{ simulatorOf }, { missingGateways }] = await Promise.all([
    import('../api/simulator.js'),
    import('../dialects/parents.js'),
  ]);
  const simulator = simulatorOf(config.gateways, {
    seed: flags.seed,
    now: io.now(),
    missing: () => missingGateways(config.catalog),
    notes: config.notes,
    ...(flags.gateway ? { gateway: flags.gateway } : {}),
    ...(flags.trace ? { trace: true } : {}),
  });
  if (checked) {
    const { checkExchanges } = await import('./check.js');
    return checkExchanges(config, simulator, checked, flags, io);
  }
  const requests =
    flags.requests !== undefined
      ? (await readRequests(flags.requests, io)).requests.map((r) => r.request)
      : await urlRequests(urls, flags, io);
  if (requests.length === 0)
    throw new CannotRunError(
      'no request given',
      'name a URL, e.g. meshgw simulate -f config/ http://shop.example.com/cart, or a file with --requests',
    );
  const simulated = await Promise.all(requests.map((request) => simulator.simulate(request)));
  const results = simulated.map((s) => s.result);
  await (await import('./refused.js')).sayRefused(config, io, results);
  await print(requests, results, flags, io);
  if (!flags.coverage && flags.failUnder === undefined) return EXIT.ok;
  const { coverageOf, reportCoverage } = await import('./coverage.js');
  return reportCoverage(coverageOf(requests, simulated, simulator), flags, io);
}

/** The tables of routes as router_check_tool takes them: the tests say what filters, the runtime and headers with clusters do. */
async function readForTests(config: LoadedConfig, { requests }: RequestFile): Promise<LoadedConfig> {
  const headers = new Map<string, Set<string>>();
  const add = (name: string, value: string) => headers.set(name, (headers.get(name) ?? new Set()).add(value));
  for (const { request } of requests) {
    add(':authority', request.host);
    for (const [name, values] of Object.entries(request.headers ?? {}))
      for (const value of typeof values === 'string' ? [values] : values) add(name, value);
  }
  const { understand } = await import('../api/load.js');
  const routerCheck = { headers: new Map([...headers].map(([name, values]) => [name, [...values]] as const)) };
  return understand(config.sources, { ...config.options, routerCheck });
}

/** A file says its requests whole: a URL or `-H` beside it would be lost. */
function refuseBesideFile(urls: readonly string[], flags: Flags): void {
  const name = flags.check === undefined ? '--requests' : '--check';
  const beside = [
    ...(flags.check !== undefined && flags.requests !== undefined ? ['--requests'] : []),
    ...urls,
    ...ABOUT_URLS.filter(([key]) => flags[key] !== undefined).map(([, flag]) => flag),
  ];
  if (beside.length > 0)
    throw new CannotRunError(
      `${beside[0]} cannot be combined with ${name}: the requests come from the file`,
      `remove one of them, or put it into the file`,
    );
}

/** Flags that make a request of a URL. */
const ABOUT_URLS = [
  ['request', '-X'],
  ['header', '-H'],
  ['data', '-d'],
  ['source', '--source'],
  ['sni', '--sni'],
  ['clientCertificate', '--client-certificate'],
] as const;

/** A file of requests in any format; what of it is not used is reported on stderr. */
async function readRequests(file: string, io: Io): Promise<RequestFile> {
  const [{ readRequestFile }, { readNamedFile }] = await Promise.all([
    import('../requests/index.js'),
    import('./named-file.js'),
  ]);
  const read = readRequestFile(file, await readNamedFile(file, 'the requests', io));
  for (const note of read.notes.slice(0, 20)) io.stderr.write(`${file}: ${note}\n`);
  if (read.notes.length > 20) io.stderr.write(`${file}: … and ${read.notes.length - 20} more\n`);
  return read;
}

async function print(
  requests: readonly GatewayRequest[],
  results: readonly SimulationResult[],
  flags: Flags,
  io: Io,
): Promise<void> {
  if (flags.output === 'json') {
    io.stdout.write((await import('../report/json.js')).reportJson(results));
    return;
  }
  const [{ renderResult }, { styleFor }] = await Promise.all([
    import('../report/result-text.js'),
    import('../report/style.js'),
  ]);
  const style = styleFor(wantsColor(io, io.stdout, flags.color));
  io.stdout.write(results.map((result, i) => renderResult(requests[i]!, result, style)).join('\n'));
}

async function urlRequests(urls: readonly string[], flags: Flags, io: Io): Promise<GatewayRequest[]> {
  const { requestFromUrl } = await import('../requests/index.js');
  const data = await bodyOf(flags.data, io);
  return urls.map((url) =>
    requestFromUrl(url, {
      method: flags.request,
      headers: flags.header,
      data,
      source: flags.source,
      sni: flags.sni,
      clientCertificate: flags.clientCertificate,
    }),
  );
}

/** `@FILE` and `@-` as curl reads them: without line breaks. */
async function bodyOf(data: string | undefined, io: Io): Promise<string | undefined> {
  if (!data?.startsWith('@')) return data;
  const { readNamedFile } = await import('./named-file.js');
  return (await readNamedFile(data.slice(1), 'the body', io)).replace(/[\r\n]/g, '');
}
