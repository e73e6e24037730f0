// serve with --workers: what the first process does, and what each of the others does.

import { randomBytes } from 'node:crypto';
import { adminPage, bugReporter, createAuthority, type RunningServer, startAdmin } from '../../serve/index.js';
import { STDIN } from '../../sources/find-files.js';
import { inputsOf } from '../inputs.js';
import type { Io } from '../io.js';
import { announce } from './announce.js';
import type { ServeFlags } from './flags.js';
import { type LiveView, liveSummary } from './live.js';
import { type Outputs, prepareOutputs, viewed } from './outputs.js';
import { type About, authorityOf, caFile, routeTables, stopSignal } from './parts.js';
import { runGateway } from './run.js';
import { type ExchangeItem, joinCrew, type Ready, type Shared } from './worker.js';
import { type Crew, createCrew } from './workers.js';

export { isFirst } from './workers.js';

/** The first process. Resolves with an exit code when all workers have ended. */
export async function leadWorkers(about: About, io: Io): Promise<number> {
  const { flags, screen, onBug } = about;
  const { notice } = screen;
  const { live, open } = await prepareOutputs(flags, screen, io);
  const shared = await sharedOf(about, io);
  io.keepRunning?.({ onError: onBug, onNotice: notice });
  let outputs: Outputs = {};
  let failure: unknown;
  const crew = createCrew({
    count: flags.workers ?? 1,
    now: io.now,
    notice,
    onBug,
    onLoaded() {
      try {
        outputs = open();
      } catch (error) {
        failure = error;
        crew.stop();
      }
    },
    onExchange({ log, record, show }: ExchangeItem) {
      if (log !== undefined) outputs.log?.(log);
      if (record !== undefined) outputs.record?.(record);
      if (show !== undefined) outputs.show?.(show);
    },
  });
  const admin = flags.admin === undefined ? undefined : await startAdmin(flags.admin, crew.page, onBug);
  void stopSignal(io).then(crew.stop);
  crew.start(admin === undefined ? shared : { ...shared, admin: admin.port });
  const ready = await Promise.race([crew.ready, crew.ended]);
  if (typeof ready === 'object' && failure === undefined) {
    if (live === undefined) io.stdout.write(ready.text);
    else await viewedWithCrew(live, ready, crew, about);
  }
  const code = await crew.ended;
  admin?.close();
  if (failure !== undefined) throw failure;
  return code;
}

/** How often open connections are counted for the live view. Ms. */
const COUNT_MS = 1_000;

async function viewedWithCrew(live: LiveView, ready: Ready, crew: Crew, { screen, onBug }: About): Promise<void> {
  let connections = 0;
  const timer = setInterval(() => {
    crew.counts().then((counts) => {
      connections = counts.connections;
    }, onBug);
  }, COUNT_MS);
  const summary = () => liveSummary(ready.listening, connections);
  await viewed(() => live.show(ready.gateway, summary), { screen, stopped: crew.ended.then(() => undefined), onBug });
  clearInterval(timer);
  crew.stop();
}

async function sharedOf({ flags, paths }: About, io: Io): Promise<Shared> {
  const { authority = await createAuthority() } = await authorityOf(flags, io);
  const fromStdin = inputsOf(flags, paths, io).includes(STDIN);
  return {
    authority,
    loopId: randomBytes(9).toString('hex'),
    ...(fromStdin && { stdin: (await io.stdin()).toString('base64') }),
  };
}

/** One of the others. Resolves with an exit code. */
export async function serveAsWorker({ paths, flags, options, screen }: About, io: Io): Promise<number> {
  const member = await joinCrew();
  const { authority, loopId, admin, listening = [], stdin } = member.shared;
  const notice = (text: string) => member.tell({ kind: 'notice', text, common: false });
  const common = (text: string) => member.tell({ kind: 'notice', text, common: true });
  const workerIo: Io = {
    ...io,
    stderr: { ...io.stderr, isTTY: false, write: (text) => common(text.replace(/\n$/, '')) },
    ...(stdin !== undefined && { stdin: async () => Buffer.from(stdin, 'base64') }),
  };
  const open = (): Outputs => {
    member.tell({ kind: 'loaded' });
    return outputsOf(flags, member.post, screen.log);
  };
  const until = async (running: RunningServer) => {
    let text = '';
    const stdout = { ...io.stdout, write: (more: string) => void (text += more) };
    await announce(running, { admin, caFile: caFile(flags) }, flags, { ...workerIo, stdout });
    const routes = admin === undefined ? undefined : await routeTables();
    member.answerWith((question) =>
      question === 'counts' ? running.stats.counts() : adminPage(running, question, routes),
    );
    const gateway = running.config().gateway.id;
    member.tell({ kind: 'ready', ready: { gateway, listening: [...running.listening], text } });
    await stopSignal(io);
  };
  const surroundings = {
    options: { ...options, listen: new Map([...options.listen, ...listening]), authority, loopId, exclusive: false },
    asked: options,
    ...{ notice, common, onBug: bugReporter(notice), open, until },
  };
  try {
    return await runGateway(paths, flags, surroundings, workerIo);
  } finally {
    await member.leave();
  }
}

/** The log goes out from here: whole lines, many at a time. With a live view the first process decides about it. */
function outputsOf(
  { accessLog, record, tui }: ServeFlags,
  post: (item: ExchangeItem) => void,
  log: Outputs['log'],
): Outputs {
  return {
    ...(accessLog !== 'off' && log && { log: tui ? (line: string) => post({ log: line }) : log }),
    ...(record !== undefined && { record: (exchange) => post({ record: exchange }) }),
    ...(tui && { show: (row) => post({ show: row }) }),
  };
}
