// An answer of the real system where the comparison wants a simulated one: shares become weights.
import type { SimulationResult } from '../../src/model/index.js';
import type { ExpectedResult } from '../../src/requests/expectation.js';

export const asResult = (told: ExpectedResult): SimulationResult =>
  ({
    ...told,
    ...(told.split ? { split: told.split.map(({ share, ...o }) => ({ ...o, weight: 100 * (share ?? 0) })) } : {}),
  }) as unknown as SimulationResult;
