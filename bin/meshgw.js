#!/usr/bin/env node
// An older Node fails on the syntax of the bundle, in words that help nobody: it is asked first.
import { createRequire } from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: meshgw needs Node 20.19 or newer, and this is Node ${process.versions.node}`);
  process.exitCode = 2;
} else {
  const { main } = createRequire(import.meta.url)('../dist/bundle/main.cjs');
  await main();
}
