// What serve shows and writes of each exchange: access log, recording, live view.

import type { EffectiveGateway } from '../../model/index.js';
import type { LiveRow } from '../../report/ink/live-state.js';
import type { ExchangeRecord, RecordedExchange } from '../../serve/index.js';
import type { Io } from '../io.js';
import type { ServeFlags } from './flags.js';
import type { LiveView } from './live.js';
import type { Screen } from './screen.js';

/** What exchanges become, and where that goes; absent: not wanted. */
export interface Outputs {
  readonly log?: (line: string) => void;
  readonly record?: (exchange: RecordedExchange) => void;
  readonly show?: (row: LiveRow) => void;
}

/** What this process shows and writes. */
export interface PreparedOutputs {
  readonly live?: LiveView;
  /** Opens the file of the recording, which loses what it held. Throws CannotRunError where it cannot be written. */
  open(): Outputs;
}

/** Rejects with CannotRunError where there is no terminal for the live view. */
export async function prepareOutputs(flags: ServeFlags, { log, notice }: Screen, io: Io): Promise<PreparedOutputs> {
  const live = flags.tui ? (await import('./live.js')).createLiveView(io) : undefined;
  const { recorder, recordText } = await import('./record.js');
  const recording = (file: string) => {
    const record = recorder(file, io.cwd, notice);
    notice(recordText(file, flags.recordCredentials ?? false));
    return { record };
  };
  return {
    ...(live && { live }),
    open: () => ({
      ...(live && { show: live.row }),
      ...(flags.accessLog !== 'off' && { log }),
      ...(flags.record !== undefined && recording(flags.record)),
    }),
  };
}

interface Gateway {
  /** As it was last loaded: it says where credentials stand. */
  readonly current: () => EffectiveGateway;
  readonly onBug: (error: unknown) => void;
}

/** What is called with each exchange; undefined: nobody wants to know. */
export async function exchangeCallback(
  { log, record, show }: Outputs,
  flags: ServeFlags,
  { current, onBug }: Gateway,
): Promise<((record: ExchangeRecord) => void) | undefined> {
  const [{ credentialNames, guard, jsonLine, recordedExchange, textLine }, { rowOf }] = await Promise.all([
    import('../../serve/index.js'),
    import('./live.js'),
  ]);
  const lineOf = flags.accessLog === 'json' ? jsonLine : textLine;
  const credentials = memoized(credentialNames);
  const mask = () => (flags.recordCredentials ? undefined : credentials(current()));
  const { id } = current();
  const callbacks = [
    show && ((one: ExchangeRecord) => show(rowOf(one))),
    log && ((one: ExchangeRecord) => log(lineOf(one))),
    record &&
      ((one: ExchangeRecord) => {
        const exchange = recordedExchange(one, id, mask());
        if (exchange !== undefined) record(exchange);
      }),
  ].filter((callback) => callback !== undefined);
  if (callbacks.length === 0) return undefined;
  // The recording goes on where the log cannot be written.
  return (one) => {
    for (const callback of callbacks) guard(() => callback(one), onBug);
  };
}

function memoized<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

interface Viewing {
  readonly screen: Screen;
  readonly stopped: Promise<void>;
  readonly onBug: (error: unknown) => void;
}

/** Resolves when the user leaves the live view, or stops the gateway. */
export async function viewed(show: () => Promise<void>, { screen, stopped, onBug }: Viewing): Promise<void> {
  screen.hide();
  // A view that breaks is not the gateway: the log goes on in its place.
  const left = show().catch((error: unknown) => {
    screen.show();
    onBug(error);
    return stopped;
  });
  await Promise.race([stopped, left]);
  screen.show();
}
