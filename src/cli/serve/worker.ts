// A worker of --workers: it serves, and says all it has to say to the first process, which alone writes and answers for all.

import cluster from 'node:cluster';
import type { LiveRow } from '../../report/ink/live-state.js';
import type { AdminPage, AdminQuestion, Authority, Counts, RecordedExchange } from '../../serve/index.js';

/** What all workers have in common. */
export interface Shared {
  readonly authority: Authority;
  readonly loopId: string;
  /** Port of the admin pages, which the first process answers. */
  readonly admin?: number;
  /** Standard input, base64: it can be read once. */
  readonly stdin?: string;
  /** Local port by gateway port, where a worker has listened before. */
  readonly listening?: readonly (readonly [number, number])[];
}

/** That a worker listens. */
export interface Ready {
  /** Name of the gateway. */
  readonly gateway: string;
  readonly listening: readonly (readonly [number, number])[];
  /** What serve prints of it. */
  readonly text: string;
}

/** What an exchange becomes outside of the worker. */
export interface ExchangeItem {
  readonly log?: string;
  readonly record?: RecordedExchange;
  readonly show?: LiveRow;
}

export type FromWorker =
  | { readonly kind: 'hello' }
  /** The configuration is good. */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'ready'; readonly ready: Ready }
  /** `common`: about the configuration, so that the others say it too. */
  | { readonly kind: 'notice'; readonly text: string; readonly common: boolean }
  /** `items`: ExchangeItem as JSON. `lost`: how many found no room. */
  | { readonly kind: 'exchanges'; readonly items: readonly string[]; readonly lost: number }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer };

export type ToWorker =
  | { readonly kind: 'shared'; readonly shared: Shared }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question };

export type Question = AdminQuestion | 'counts';
export type Answer = AdminPage | Counts;

export interface Member {
  readonly shared: Shared;
  tell(message: FromWorker): void;
  /** For the recording and the live view. Where the first process is too slow, what finds no room is counted. */
  post(item: ExchangeItem): void;
  /** From now on questions are answered. */
  answerWith(answer: (question: Question) => Answer): void;
  /** After what was posted has gone out; the process may end. */
  leave(): Promise<void>;
}

/** In a worker: what the first process gives to all. */
export async function joinCrew(): Promise<Member> {
  const { worker } = cluster;
  if (worker === undefined) throw new Error('not a worker');
  const tell = (message: FromWorker, sent: () => void = () => undefined) => {
    // Without the first process there is nobody to tell, and this one ends.
    if (worker.isConnected()) worker.send(message, sent);
    else sent();
  };
  const shared = new Promise<Shared>((resolve) => {
    worker.once('message', (message: ToWorker) => {
      if (message.kind === 'shared') resolve(message.shared);
    });
  });
  tell({ kind: 'hello' });
  const posts = createPosts((items, lost, sent) => tell({ kind: 'exchanges', items, lost }, sent));
  return {
    shared: await shared,
    tell,
    post: posts.post,
    answerWith(answer) {
      worker.on('message', (message: ToWorker) => {
        if (message.kind === 'ask') tell({ kind: 'answer', id: message.id, answer: answer(message.question) });
      });
    },
    async leave() {
      await posts.gone();
      worker.disconnect();
    },
  };
}

/** What waits for the first process, in characters. */
const MOST_WAITING = 16 * 1024 * 1024;

/** One message is under way at a time, with all that came meanwhile: a slow reader gets fewer and longer ones. */
function createPosts(send: (items: readonly string[], lost: number, sent: () => void) => void) {
  let waiting: string[] = [];
  let size = 0;
  let lost = 0;
  let underWay = false;
  let emptied: () => void = () => undefined;
  const flush = () => {
    if (waiting.length === 0 && lost === 0) {
      underWay = false;
      return emptied();
    }
    const [items, missing] = [waiting, lost];
    waiting = [];
    size = 0;
    lost = 0;
    send(items, missing, flush);
  };
  return {
    post(item: ExchangeItem) {
      const text = JSON.stringify(item);
      if (size + text.length > MOST_WAITING) lost++;
      else {
        waiting.push(text);
        size += text.length;
      }
      if (underWay) return;
      underWay = true;
      setImmediate(flush);
    },
    gone: () =>
      new Promise<void>((resolve) => {
        emptied = resolve;
        if (!underWay) resolve();
      }),
  };
}
