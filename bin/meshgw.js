#!/usr/bin/env node
import module from 'node:module';

// Compiled code of the last run is taken, where Node can (22.8 and later): most of the time of a short command is compiling.
module.enableCompileCache?.();
const { main } = await import('../dist/bundle/main.js');
await main();
