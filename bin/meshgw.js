#!/usr/bin/env node
// An older Node fails on the syntax of the bundle, in words that help nobody: it is asked first.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: meshgw needs Node 20.19 or newer, and this is Node ${process.versions.node}`);
  process.exitCode = 2;
} else {
  const { main } = await import('../dist/bundle/main.js');
  await main();
}
