// meshgw diff BEFORE AFTER: for which requests do two configurations differ?

import type { LoadedConfig } from '../api/load.js';
import { CannotRunError, EXIT } from '../diagnostics/index.js';
import type { ConfigDiff } from '../model/index.js';
import { controllerWord, type InputFlags, oneOf, type Register, withInputFlags } from './command.js';
import { type Io, wantsColor } from './io.js';
import { progressOn } from './progress.js';

interface Flags extends InputFlags {
  readonly output: 'text' | 'json' | 'markdown' | 'github' | 'html';
  readonly text?: boolean;
  readonly tests?: string;
  readonly gateway?: string;
  readonly afterClassSemantics?: string;
}

export const register: Register = (program, io, finish) => {
  withInputFlags(program.command('diff <before> [after]'))
    .description(
      'prove two configurations equal, or show requests that they answer differently; a side is a path, or REVISION:PATH of git; the second one may be a cluster (--context) or what an Envoy runs (--envoy)',
    )
    .option('--text', 'also show the textual diff')
    .option('--tests <file>', 'write the requests of the differences with the new answers, for simulate --check')
    .option('--gateway <name>', 'where one side is what Envoy runs: the gateway of the other side that it is')
    .option(
      '--after-class-semantics <controller>',
      "the second side (without one: the first again) read by another controller's rules: what would change with it",
      controllerWord(),
    )
    .option(
      '-o, --output <format>',
      'text, json, markdown, github or html',
      oneOf('text', 'json', 'markdown', 'github', 'html'),
      'text',
    )
    .action(async (before: string, after: string | undefined, flags: Flags) =>
      finish(await diffCommand(before, after, flags, io)),
    );
};

async function diffCommand(before: string, after: string | undefined, flags: Flags, io: Io): Promise<number> {
  if (flags.filename?.length) throw new CannotRunError('diff takes two paths, not -f', 'meshgw diff before/ after/');
  const [{ loadCluster, loadSide }, { styleFor }] = await Promise.all([
    import('./diff-side.js'),
    import('../report/style.js'),
  ]);
  const { afterClassSemantics: classSemantics } = flags;
  const second = classSemantics === undefined ? flags : { ...flags, classSemantics };
  // The same files under two controllers, unless the second side is a cluster.
  const swapped = classSemantics !== undefined && (flags.context ?? flags.envoyPod) === undefined;
  const other = after ?? (swapped ? before : undefined);
  const a = await loadSide(before, flags, io);
  const b = await (other === undefined ? loadCluster(second, io) : loadSide(other, second, io));
  const result = await compare(a, b, flags, io);
  // Both of them: do the objects of the cluster mean what the files mean, and does its gateway do it?
  const { envoyPod, ...ofCluster } = flags;
  const cluster =
    after === undefined && flags.context !== undefined && envoyPod !== undefined
      ? await compare(a, await loadCluster(ofCluster, io), flags, io)
      : undefined;
  const sides = { before, after: other ?? flags.envoyPod ?? flags.context ?? 'the cluster', a, b };
  await writeOutput(result, cluster, sides, flags, io);
  if (flags.tests !== undefined) await writeTests(result, flags.tests, io);
  if (flags.text) {
    const { textDiffOfSources } = await import('./text-diff.js');
    const style = styleFor(wantsColor(io, io.stdout, flags.color));
    (forPrograms(flags) ? io.stderr : io.stdout).write(textDiffOfSources(a.sources, b.sources, style));
  }
  return [result, cluster].every((r) => r === undefined || r.equivalent === true) ? EXIT.ok : EXIT.findings;
}

const forPrograms = ({ output }: Flags): boolean => output === 'json' || output === 'html';

interface Sides {
  readonly before: string;
  readonly after: string;
  readonly a: LoadedConfig;
  readonly b: LoadedConfig;
}

/** `cluster`: where files are compared both with a cluster and with what its Envoy runs, the former. */
async function writeOutput(
  result: ConfigDiff,
  cluster: ConfigDiff | undefined,
  { before, after, a, b }: Sides,
  flags: Flags,
  io: Io,
): Promise<void> {
  if (flags.output === 'json') {
    io.stdout.write((await import('../report/json.js')).reportJson(cluster ? { ...result, cluster } : result));
    return;
  }
  if (flags.output === 'html') {
    if (cluster) throw new CannotRunError('-o html shows one comparison', 'give --context or --envoy, not both');
    const { diffPage } = await import('./diff-page.js');
    io.stdout.write(await diffPage(result, { name: before, config: a }, { name: after, config: b }));
    return;
  }
  const [report, { styleFor }] = await Promise.all([import('../report/diff.js'), import('../report/style.js')]);
  const style = styleFor(wantsColor(io, io.stdout, flags.color));
  const print = report[PRINTED[flags.output]];
  const kind = flags.output === 'github' ? 'ci-commands' : undefined;
  if (cluster) {
    io.stdout.write(`the files and the cluster ${flags.context}\n${print(cluster, style)}\n`, kind);
    io.stdout.write(`the files and what ${flags.envoyPod} runs\n`, kind);
  }
  io.stdout.write(print(result, style), kind);
}

/** One for each difference; an answer that needs a token of its own is no test. */
async function writeTests({ differences }: ConfigDiff, file: string, io: Io): Promise<void> {
  const { writeUserFile } = await import('../files/index.js');
  const tests = differences
    .filter((d) => d.claims === undefined)
    .map(({ request, after: { matched: _, trace: __, unknown: ___, ...response } }) => ({ request, response }));
  writeUserFile(file, `${JSON.stringify(tests, null, 2)}\n`, io);
}

const PRINTED = { text: 'diffText', markdown: 'diffMarkdown', github: 'diffGithub' } as const;

async function compare(a: LoadedConfig, b: LoadedConfig, flags: Flags, io: Io) {
  const [{ diff }, { sayRefused }, { sayAssumptions }] = await Promise.all([
    import('../api/diff.js'),
    import('./refused.js'),
    import('./assumptions.js'),
  ]);
  for (const side of [a, b]) await sayRefused(side, io);
  const bar = progressOn(io, 'diff');
  const result = diff(a, b, {
    progress: (share) => bar.at(share),
    ...(flags.gateway === undefined ? {} : { gateway: flags.gateway }),
  });
  bar.end();
  sayAssumptions(result.assumptions, io);
  return result;
}
