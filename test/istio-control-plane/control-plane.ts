// Asks Istio's control plane what it generates for the gateways of a file.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Built } from './build.js';

// Envoy's configuration is a free tree here.
// biome-ignore lint/suspicious/noExplicitAny: every field of it is somebody else's type
export type Tree = Record<string, any>;

/** An object that the API server or Istio's webhook refuses, or warns about. */
export interface Verdict {
  readonly object: string;
  readonly by: 'CRD' | 'istio' | 'kubernetes';
  readonly reason: string;
}

/** What Istio generates for one gateway. Clusters are names alone: each is an echo here. */
export interface Generated {
  readonly listeners: readonly Tree[];
  readonly routes: readonly Tree[];
  readonly clusters: readonly string[];
}

export interface Answer {
  readonly id: string;
  readonly error?: string;
  readonly rejected?: readonly Verdict[];
  readonly warnings?: readonly Verdict[];
  readonly gateways?: Readonly<Record<string, Generated>>;
}

export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** A running control plane; answers may come in any order. */
export interface ControlPlane {
  ask(yaml: string, gateways: readonly string[]): Promise<Answer>;
  close(): void;
}

export function startControlPlane({ binary, source }: Built, pair: Pair): ControlPlane {
  // It prints warnings before it can be told not to.
  const child: ChildProcess = spawn(binary, [source], { stdio: ['pipe', 'ignore', 'pipe', 'pipe'] });
  const waiting = new Map<string, { resolve(a: Answer): void; reject(e: Error): void }>();
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  child.on('exit', (code) => {
    for (const w of waiting.values()) w.reject(new Error(`the control plane ended (${code}):\n${errors}`));
  });
  createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    waiting.get(answer.id)?.resolve(answer);
    waiting.delete(answer.id);
  });
  let asked = 0;
  return {
    ask: (yaml, gateways) =>
      new Promise((resolve, reject) => {
        const id = String(asked++);
        waiting.set(id, { resolve, reject });
        child.stdin!.write(`${JSON.stringify({ id, yaml, gateways, ...pair })}\n`);
      }),
    close: () => child.stdin!.end(),
  };
}
