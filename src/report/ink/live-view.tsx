// The live view of serve: where it listens, how much comes, and the last exchanges with the route that took each.
// Drawn by ink; works without colour and at 80 columns.

import { Box, render, Text, useApp, useInput, useStdin } from 'ink';
import { useEffect, useRef, useState } from 'react';
import { counted } from '../../model/index.js';
import { rowLine, titleLine } from './live-columns.js';
import { INITIAL, type LiveRow, type LiveState, type NumberedRow, pressLive, rowsOf } from './live-state.js';
import { useSize } from './use-size.js';

export interface LiveFeed {
  /** Called with each exchange until the returned function is called. */
  subscribe(listener: (row: LiveRow) => void): () => void;
  /** One line: `port 80 on 127.0.0.1:18080 · 3 connections`. */
  summary(): string;
}

/** Redraws so often; what comes in between waits. Ms. */
const REDRAW_MS = 200;
const KEPT = 200;
/** Title, summary, titles of columns, keys. */
const OTHER_LINES = 5;

export function LiveView({ title, feed }: { readonly title: string; readonly feed: LiveFeed }) {
  const { exit } = useApp();
  const { columns, rows: height } = useSize();
  const { coming, rate } = useRows(feed);
  const [state, setState] = useState<LiveState>(INITIAL);
  const latest = useRef(state);
  const { isRawModeSupported } = useStdin();
  useInput(
    (input, key) => {
      // Several keys may come before the next drawing.
      const next = pressLive(latest.current, input, key, coming);
      latest.current = next ?? latest.current;
      if (next) setState(next);
      else exit();
    },
    { isActive: isRawModeSupported === true },
  );
  const rows = rowsOf(state, coming);
  const chosen = rows.find((row) => row.number === state.chosen);
  const details = state.showDetails && chosen ? detailsOf(chosen) : [];
  const room = Math.max(3, height - OTHER_LINES - (details.length > 0 ? details.length + 1 : 0));
  return (
    <Box flexDirection="column">
      <Text bold wrap="truncate">
        {title}
      </Text>
      <Text dimColor wrap="truncate">
        {`${Math.round(rate)} requests/s · ${state.stopped ? `stopped, ${counted(rows.length, 'row')} · ` : ''}${feed.summary()}`}
      </Text>
      <Text dimColor wrap="truncate">{`  ${titleLine(columns)}`}</Text>
      {windowOf(rows, chosen, room).map((row) => (
        <Text key={row.number} wrap="truncate" inverse={row === chosen} {...colourOf(row)}>
          {`${row === chosen ? '▸' : ' '} ${rowLine(row, columns)}`}
        </Text>
      ))}
      {details.length > 0 ? <Text dimColor>{'─'.repeat(columns)}</Text> : null}
      {details.map(([name, text]) => (
        <Text key={name} wrap="truncate">{`  ${name.padEnd(12)} ${text}`}</Text>
      ))}
      <Text dimColor wrap="truncate">
        {state.typing || state.filter !== '' ? `filter: ${state.filter}${state.typing ? '▏' : ''}  ` : ''}
        {state.typing
          ? 'Enter keeps it  Esc clears it'
          : 'q quit  space stop/go  ↑↓ choose  Enter details  / filter  Esc back'}
      </Text>
    </Box>
  );
}

/** The last rows, drawn at most a few times a second. */
function useRows(feed: LiveFeed): { readonly coming: readonly NumberedRow[]; readonly rate: number } {
  const [coming, setComing] = useState<readonly NumberedRow[]>([]);
  const [rate, setRate] = useState(0);
  const kept = useRef<NumberedRow[]>([]);
  useEffect(() => {
    let number = 0;
    let count = 0;
    let since = performance.now();
    const stop = feed.subscribe((row) => {
      count++;
      kept.current.push({ ...row, number: number++ });
      if (kept.current.length > KEPT) kept.current.shift();
    });
    const timer = setInterval(() => {
      const now = performance.now();
      setRate((count * 1000) / (now - since));
      count = 0;
      since = now;
      setComing([...kept.current]);
    }, REDRAW_MS);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [feed]);
  return { coming, rate };
}

/** The last ones, or those around the chosen one. */
function windowOf(rows: readonly NumberedRow[], chosen: NumberedRow | undefined, room: number): readonly NumberedRow[] {
  const last = Math.max(0, rows.length - room);
  const at = chosen ? rows.indexOf(chosen) : -1;
  const from = at < 0 ? last : Math.min(last, Math.max(0, at - (room >> 1)));
  return rows.slice(from, from + room);
}

const colourOf = ({ status }: LiveRow): { color?: string } =>
  status >= 500 || status === 0 ? { color: 'red' } : status >= 400 ? { color: 'yellow' } : {};

const detailsOf = (row: NumberedRow): readonly (readonly [string, string])[] => [
  ['request', `${row.method} ${row.host}${row.path}`],
  ['answer', `${row.status || 'none'}${row.flags === '' ? '' : ` ${row.flags}`} after ${row.ms.toFixed(1)} ms`],
  ['route', row.route],
  ['destination', row.destination],
  ...(row.details ?? []),
];

/** Resolves when the user leaves. */
export async function runLiveView(title: string, feed: LiveFeed): Promise<void> {
  await render(<LiveView title={title} feed={feed} />, { exitOnCtrlC: false }).waitUntilExit();
}
