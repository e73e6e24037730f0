// Files of a shape for the benchmarks, each written once.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHAPES } from './shapes.js';

export const folder = mkdtempSync(join(tmpdir(), 'meshgw-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** So many objects of the shape, and as many Services. */
export function fileOf(shape: string, objects: number): string {
  const file = join(folder, `${shape.replaceAll(' ', '-')}-${objects}.yaml`);
  if (!existsSync(file)) writeFileSync(file, SHAPES[shape]!(objects));
  return file;
}

/** A copy with another path in one rule. */
export function changed(file: string): string {
  const copy = file.replace('.yaml', '-changed.yaml');
  writeFileSync(copy, readFileSync(file, 'utf8').replace('/api/v0/resource-7', '/api/v0/resource-x7'));
  return copy;
}

/** Ingresses of one host, with so many patterns each. */
export function ingressesOfOneHost(count: number, patterns: number): string {
  const file = join(folder, `one-host-${count}-${patterns}.yaml`);
  const text = SHAPES['nginx with captures']!(count).replace(/app-\d+\.example\.com/g, 'app.example.com');
  const path = /^ {6}- path: \/api\/v(\d+)\/[^\n]*\n(?: {8}[^\n]*\n)+/gm;
  writeFileSync(
    file,
    text.replace(path, (whole, n) => (Number(n) < patterns ? whole : '')),
  );
  return file;
}
