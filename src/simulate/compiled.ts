// Each gateway is compiled once, by whoever asks first.

import type { EffectiveGateway } from '../model/index.js';
import { type CompiledGateway, compile } from './compile.js';

const compiled = new WeakMap<EffectiveGateway, CompiledGateway>();

export function compiledOf(gateway: EffectiveGateway): CompiledGateway {
  let ready = compiled.get(gateway);
  if (!ready) compiled.set(gateway, (ready = compile(gateway)));
  return ready;
}
