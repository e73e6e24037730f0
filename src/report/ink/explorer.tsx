// The explorer's screen: the request to edit, the decision, its trace. Drawn by ink; works without colour and at 80 columns.

import { stripVTControlCharacters } from 'node:util';
import { Box, render, Text, useApp, useInput } from 'ink';
import { useEffect, useState } from 'react';
import { counted } from '../../model/index.js';
import {
  asCurl,
  type Example,
  type ExplorerState,
  FIELDS,
  type FieldName,
  initialState,
  leaves,
  press,
} from './explorer-state.js';
import { useSize } from './use-size.js';

export interface ExplorerProps {
  readonly start: { readonly method: string; readonly url: string; readonly headers: string };
  /** One at least; the first one is asked first. */
  readonly gateways: readonly ExploredGateway[];
}

export interface ExploredGateway {
  readonly id: string;
  /** A request for each of its rules. */
  readonly examples: () => Promise<readonly Example[]>;
  /** The decision for a request as lines of text, or what is wrong with the request. */
  readonly answer: (request: {
    readonly method: string;
    readonly url: string;
    readonly headers: string;
  }) => Promise<readonly string[]>;
}

const LABELS: Record<FieldName, string> = { method: 'Method', url: 'URL', headers: 'Headers' };
const KEYS = 'Esc quit  ↑↓ field  ^N/^P rule  PgUp/PgDn scroll  ^Y curl  ^U clear';

function Explorer({ start, gateways }: ExplorerProps) {
  const { exit } = useApp();
  const size = useSize();
  const [examples, setExamples] = useState<readonly Example[]>([]);
  const [state, setState] = useState<ExplorerState>(() => initialState(start.url, start.method, start.headers));
  useInput((input, key) => {
    if (leaves(input, key)) exit();
    else setState((s) => press(s, input, key, examples));
  });
  const { method, url, headers } = state;
  const { id, answer, examples: load } = gateways[state.gateway % gateways.length]!;
  useEffect(() => {
    let current = true;
    load().then(
      (found) => current && setExamples(found),
      (error: unknown) => exit(error instanceof Error ? error : undefined),
    );
    return () => {
      current = false;
    };
  }, [load, exit]);
  const [lines, setLines] = useState<readonly string[]>([]);
  useEffect(() => {
    let current = true;
    // An answer that comes after the next key was pressed is not shown.
    const show = (answered: readonly string[]) => current && setLines(answered);
    answer({ method, url, headers }).then(show, (error: unknown) => exit(error instanceof Error ? error : undefined));
    return () => {
      current = false;
    };
  }, [answer, method, url, headers, exit]);
  const rows = Math.max(6, size.rows - (state.showCurl ? 11 : 9));
  const width = Math.min(size.columns, 120);
  const scroll = Math.min(state.scroll, Math.max(0, lines.length - 1));
  const shown = fitting(lines.slice(scroll), rows, width);
  return (
    <Box flexDirection="column" width={width}>
      <Text bold wrap="truncate">
        {`meshgw  gateway ${id}${gateways.length > 1 ? `  (${(state.gateway % gateways.length) + 1} of ${gateways.length}, ^G next)` : ''}`}
      </Text>
      <Text dimColor wrap="truncate">
        {state.example >= 0
          ? `rule ${state.example + 1} of ${examples.length}: ${examples[state.example]?.label}`
          : `${counted(examples.length, 'rule')}${examples.length === 0 ? '' : ': ^N shows a request for each'}`}
      </Text>
      {FIELDS.map((field) => (
        <Field
          key={field}
          label={LABELS[field]}
          text={state[field]}
          cursor={state.field === field ? state.cursor : undefined}
          width={width - 13}
        />
      ))}
      {state.showCurl ? <Text wrap="truncate-end">{asCurl(state)}</Text> : null}
      <Text dimColor>
        {ruled(
          shown.length < lines.length ? ` lines ${scroll + 1}–${scroll + shown.length} of ${lines.length} ` : '',
          width,
        )}
      </Text>
      {shown.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
        <Text key={i} wrap="wrap">
          {line === '' ? ' ' : line}
        </Text>
      ))}
      <Text dimColor wrap="truncate">
        {KEYS}
      </Text>
    </Box>
  );
}

/** A line across, with a text near its end. */
const ruled = (text: string, width: number): string =>
  `${'─'.repeat(Math.max(0, width - text.length - 2))}${text}${'─'.repeat(2)}`;

/** As many lines as fit into the rows when long ones are wrapped. */
function fitting(lines: readonly string[], rows: number, width: number): readonly string[] {
  let left = rows;
  const count = lines.findIndex((line) => {
    left -= Math.max(1, Math.ceil(stripVTControlCharacters(line).length / width));
    return left < 0;
  });
  return count < 0 ? lines : lines.slice(0, Math.max(1, count));
}

/** One line of text; the cursor is drawn inverse, and as `_` where the terminal has no colours or attributes. */
function Field({
  label,
  text,
  cursor,
  width,
}: {
  readonly label: string;
  readonly text: string;
  readonly cursor: number | undefined;
  readonly width: number;
}) {
  const active = cursor !== undefined;
  const from = active ? Math.max(0, cursor - width + 1) : 0;
  const shown = text.slice(from, from + width);
  const at = active ? cursor - from : -1;
  return (
    <Text wrap="truncate">
      {active ? '▸ ' : '  '}
      {label.padEnd(9)}
      {active ? (
        <>
          {shown.slice(0, at)}
          <Text inverse>{shown[at] ?? ' '}</Text>
          {shown.slice(at + 1)}
        </>
      ) : (
        shown
      )}
    </Text>
  );
}

const ENTER_ALTERNATE = '\x1b[?1049h\x1b[H';
const LEAVE_ALTERNATE = '\x1b[?1049l';

/** Draws until the user leaves, on the alternate screen: the terminal is then as it was. */
export async function runExplorer(props: ExplorerProps): Promise<void> {
  process.stdout.write(ENTER_ALTERNATE);
  try {
    const app = render(<Explorer {...props} />, { exitOnCtrlC: false });
    await app.waitUntilExit();
  } finally {
    process.stdout.write(LEAVE_ALTERNATE);
  }
}
