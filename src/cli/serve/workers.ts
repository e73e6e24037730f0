// --workers N: processes that share the ports (node:cluster). The first process serves nothing: it starts the others, starts a new
// one for one that died, says once what all of them say, answers the admin port for all, and ends when they have drained.

import cluster, { type Worker } from 'node:cluster';
import { counted } from '../../model/index.js';
import {
  type AdminPage,
  type AdminQuestion,
  type Counts,
  ended as endedCounts,
  guard,
  readyPage,
  statsPage,
  sumOf,
} from '../../serve/index.js';
import { createOnceForAll } from '../once-for-all.js';
import type { Answer, ExchangeItem, FromWorker, Question, Ready, Shared, ToWorker } from './worker.js';

/** A worker that lived longer is followed at once; others the later, the more of them there were. Ms. */
const LONG_LIFE_MS = 10_000;
const FIRST_WAIT_MS = 100;
const MOST_WAIT_MS = 10_000;

export const isFirst = (): boolean => cluster.isPrimary;

export interface CrewOptions {
  /** How many there are. */
  readonly count: number;
  /** Ms. */
  readonly now: () => number;
  readonly notice: (text: string) => void;
  readonly onBug: (error: unknown) => void;
  /** Called once, when the first one has read the configuration; before any exchange. */
  readonly onLoaded: () => void;
  readonly onExchange: (item: ExchangeItem) => void;
}

export interface Crew {
  /** Once. */
  start(shared: Shared): void;
  /** Resolves when the first one listens. */
  readonly ready: Promise<Ready>;
  /** What the admin port answers. */
  page(question: AdminQuestion): Promise<AdminPage>;
  /** Of all; of those that have ended, what they said when they were asked last. */
  counts(): Promise<Counts>;
  stop(): void;
  /** Resolves with an exit code when all have ended. */
  readonly ended: Promise<number>;
}

/** One process. */
interface Seat {
  readonly since: number;
  /** It has what all have in common, and asks for its ports. */
  told: boolean;
  ready: boolean;
  counts?: Counts;
}

/**
 * One worker begins, the others follow when it listens: where it ends before, it could not run, and has said why. After that, one
 * that dies is replaced, however often: a client that can kill a worker must not end the gateway.
 */
export function createCrew({ count, now, notice, onBug, onLoaded, onExchange }: CrewOptions): Crew {
  const seats = new Map<Worker, Seat>();
  const waiting = new Set<NodeJS.Timeout>();
  const once = createOnceForAll(notice);
  const asking = createAsking();
  let retired = sumOf([]);
  let shared: Shared | undefined;
  let listening: Ready['listening'] | undefined;
  let stopping = false;
  let loaded = false;
  let served = false;
  let code = 0;
  let early = 0;
  const { promise: ended, resolve: end } = withResolvers<number>();
  const { promise: ready, resolve: readied } = withResolvers<Ready>();

  const startOne = () => {
    const worker = cluster.fork();
    const seat: Seat = { since: now(), told: false, ready: false };
    seats.set(worker, seat);
    worker.on('error', (error) => notice(`worker ${worker.process.pid}: ${error.message}`));
    worker.on('message', (message: FromWorker) => guard(() => receive(worker, seat, message), onBug));
  };
  const receive = (worker: Worker, seat: Seat, message: FromWorker) => {
    switch (message.kind) {
      case 'hello':
        seat.told = true;
        return shared && tell(worker, { kind: 'shared', shared });
      case 'loaded':
        if (!loaded) onLoaded();
        loaded = true;
        return;
      case 'ready':
        seat.ready = true;
        once.join(worker.id);
        if (!served) first(message.ready);
        return;
      case 'notice':
        return message.common ? once.say(worker.id, message.text) : notice(message.text);
      case 'answer':
        return asking.answered(message.id, message.answer);
      case 'exchanges':
        for (const item of message.items) guard(() => onExchange(JSON.parse(item) as ExchangeItem), onBug);
        if (message.lost > 0) notice(`${counted(message.lost, 'exchange')} came too fast to be recorded or shown`);
    }
  };
  const first = (found: Ready) => {
    served = true;
    listening = found.listening;
    readied(found);
    for (let i = 1; i < count && !stopping; i++) startOne();
  };
  const replace = (worker: Worker, age: number, why: string) => {
    early = age > LONG_LIFE_MS ? 0 : early + 1;
    const wait = early <= 1 ? 0 : Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** (early - 2));
    notice(
      `worker ${worker.process.pid} ended (${why}): another one takes its place${wait === 0 ? '' : ` in ${wait} ms`}`,
    );
    const timer = setTimeout(() => {
      waiting.delete(timer);
      startOne();
    }, wait);
    waiting.add(timer);
  };
  const stop = () => {
    stopping = true;
    for (const timer of waiting) clearTimeout(timer);
    for (const worker of seats.keys()) worker.process.kill('SIGTERM');
    if (seats.size === 0) end(code);
  };
  cluster.on('exit', (worker, status, signal) => {
    const seat = seats.get(worker);
    seats.delete(worker);
    once.leave(worker.id);
    asking.gone(worker);
    if (seat?.counts) retired = sumOf([retired, endedCounts(seat.counts)]);
    // Workers share a port that all ask for in the same words; after the last of them, any free one would be another.
    if (shared && listening && ![...seats.values()].some(({ told }) => told)) shared = { ...shared, listening };
    if (!stopping && served)
      return replace(worker, now() - (seat?.since ?? 0), signal ? `signal ${signal}` : `code ${status}`);
    if (!stopping) {
      code = status || 1;
      return stop();
    }
    if (seats.size === 0) end(code);
  });

  const atWork = () => [...seats].filter(([, { ready }]) => ready);
  const counts = async () => {
    const ask = async ([worker, seat]: readonly [Worker, Seat]) => {
      const answer = await asking.ask(worker, 'counts');
      if (answer && 'byStatus' in answer) seat.counts = answer;
    };
    await Promise.all(atWork().map(ask));
    return sumOf([retired, ...[...seats.values()].flatMap((seat) => seat.counts ?? [])]);
  };
  return {
    start(given) {
      shared = given;
      startOne();
    },
    ready,
    async page(question) {
      if (question.path === '/ready')
        return readyPage(stopping ? 'DRAINING' : atWork().length === 0 ? 'STARTING' : 'LIVE');
      if (question.path === '/stats' || question.path === '/metrics') return statsPage(await counts(), atWork().length);
      for (const [worker] of atWork()) {
        const answer = await asking.ask(worker, question);
        if (answer && 'body' in answer) return answer;
      }
      return { status: 503, type: 'text/plain', body: 'no worker answers\n' };
    },
    counts,
    stop,
    ended,
  };
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const tell = (worker: Worker, message: ToWorker) => void worker.send(message, () => undefined);

/** A worker that answers later is busy, or about to die. Ms. */
const ANSWER_MS = 5_000;

/** Questions to workers; undefined: no answer. */
function createAsking() {
  const open = new Map<number, { readonly worker: Worker; readonly done: (answer: Answer | undefined) => void }>();
  let last = 0;
  const answered = (id: number, answer: Answer | undefined) => open.get(id)?.done(answer);
  return {
    ask: (worker: Worker, question: Question) =>
      new Promise<Answer | undefined>((resolve) => {
        const id = ++last;
        const timer = setTimeout(answered, ANSWER_MS, id, undefined);
        open.set(id, {
          worker,
          done(answer) {
            clearTimeout(timer);
            open.delete(id);
            resolve(answer);
          },
        });
        tell(worker, { kind: 'ask', id, question });
      }),
    answered,
    gone(worker: Worker) {
      for (const one of [...open.values()]) if (one.worker === worker) one.done(undefined);
    },
  };
}
