// The live view of serve: where it listens, how much comes, and the last exchanges with the route that took each.
// Drawn by ink; works without colour and at 80 columns.

import { Box, render, Text, useApp, useInput, useStdin, useStdout } from 'ink';
import { useEffect, useState } from 'react';

export interface LiveRow {
  /** `14:03:07`. */
  readonly time: string;
  readonly method: string;
  /** Host and path. */
  readonly target: string;
  /** Name of the route or of the object that it comes from; `-`: none. */
  readonly route: string;
  /** `reviews.default:9080/v2`, or who answered instead. */
  readonly destination: string;
  /** 0: the client got no answer. */
  readonly status: number;
  readonly flags: string;
  readonly ms: number;
}

/** Rows have no names: they are counted. */
type NumberedRow = LiveRow & { readonly number: number };

export interface LiveFeed {
  /** Called with each exchange until the returned function is called. */
  subscribe(listener: (row: LiveRow) => void): () => void;
  /** One line: `port 80 on 127.0.0.1:18080 · 3 connections`. */
  summary(): string;
}

/** Redraws so often; what comes in between waits. Ms. */
const REDRAW_MS = 200;
const KEPT = 200;
const HEADER_LINES = 4;

export function LiveView({ title, feed }: { readonly title: string; readonly feed: LiveFeed }) {
  const { exit } = useApp();
  const { stdout } = useStdout();
  const [rows, setRows] = useState<readonly NumberedRow[]>([]);
  const [rate, setRate] = useState(0);
  const { isRawModeSupported } = useStdin();
  useInput(
    (input, key) => {
      if (input === 'q' || (key.ctrl && input === 'c')) exit();
    },
    { isActive: isRawModeSupported === true },
  );
  useEffect(() => {
    const kept: NumberedRow[] = [];
    let number = 0;
    let count = 0;
    let since = performance.now();
    const stop = feed.subscribe((row) => {
      count++;
      kept.push({ ...row, number: number++ });
      if (kept.length > KEPT) kept.shift();
    });
    const timer = setInterval(() => {
      const now = performance.now();
      setRate((count * 1000) / (now - since));
      count = 0;
      since = now;
      setRows([...kept]);
    }, REDRAW_MS);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [feed]);
  const lines = Math.max(5, (stdout.rows ?? 24) - HEADER_LINES - 1);
  return (
    <Box flexDirection="column">
      <Text bold wrap="truncate">
        {title}
      </Text>
      <Text dimColor wrap="truncate">
        {`${feed.summary()} · ${Math.round(rate)} requests/s · q leaves`}
      </Text>
      <Text dimColor>{columns(TITLES, stdout.columns ?? 80)}</Text>
      {rows.slice(-lines).map((row) => (
        <Text
          key={row.number}
          wrap="truncate"
          {...(row.status >= 500 || row.status === 0 ? { color: 'red' } : row.status >= 400 ? { color: 'yellow' } : {})}
        >
          {columns(cellsOf(row), stdout.columns ?? 80)}
        </Text>
      ))}
    </Box>
  );
}

type Cells = Readonly<Record<'time' | 'status' | 'ms' | 'request' | 'route' | 'destination', string>>;

const TITLES: Cells = {
  time: 'time',
  status: 'status',
  ms: 'ms',
  request: 'request',
  route: 'route',
  destination: 'destination',
};

const cellsOf = ({ time, status, flags, ms, method, target, route, destination }: LiveRow): Cells => ({
  time,
  status: `${status || '-'}${flags === '' ? '' : ` ${flags}`}`,
  ms: ms < 10 ? ms.toFixed(1) : String(Math.round(ms)),
  request: `${method} ${target}`,
  route,
  destination,
});

function columns({ time, status, ms, request, route, destination }: Cells, width: number): string {
  const rest = Math.max(30, width - 30);
  const [forRequest, forRoute] = [Math.floor(rest * 0.45), Math.floor(rest * 0.25)];
  return `${cell(time, 9)}${cell(status, 10)}${ms.padStart(7)}  ${cell(request, forRequest)} ${cell(route, forRoute)} ${destination}`;
}

const cell = (text: string, width: number) =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);

/** Resolves when the user leaves. */
export async function runLiveView(title: string, feed: LiveFeed): Promise<void> {
  await render(<LiveView title={title} feed={feed} />, { exitOnCtrlC: false }).waitUntilExit();
}
