// The size of the terminal, and again when its window changes.

import { useStdout } from 'ink';
import { useEffect, useState } from 'react';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export function useSize(): Size {
  const { stdout } = useStdout();
  const now = (): Size => ({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 });
  const [size, setSize] = useState(now);
  useEffect(() => {
    const changed = () => setSize({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 });
    stdout.on('resize', changed);
    return () => {
      stdout.off('resize', changed);
    };
  }, [stdout]);
  return size;
}
