// istioctl, compiled from its Go module (istioctl/go.mod) into .cache/real/istioctl the first time; undefined without Go.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

export function istioctl(): string | undefined {
  const binary = resolve('.cache/real/istioctl/istioctl');
  if (!existsSync(binary)) {
    process.stderr.write('compiling istioctl (minutes the first time) …\n');
    const args = ['build', '-o', binary, 'istio.io/istio/istioctl/cmd/istioctl'];
    spawnSync('go', args, { cwd: 'test/bench/istioctl', stdio: ['ignore', 'inherit', 'inherit'] });
  }
  return existsSync(binary) ? binary : undefined;
}
