// The child process of the fuzz: runs one command line of the built program in a folder and says how it went. A process of its
// own, so that an endless loop can be killed and a heap has a limit.

import { run } from '../../dist/bundle/main.js';

const failures = [];
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error) => failures.push(String(error?.stack ?? error)));

process.on('message', async ({ id, argv, cwd }) => {
  let err = '';
  let out = 0;
  const before = process.cpuUsage();
  const io = {
    cwd,
    env: {},
    stdout: { write: (text) => void (out += text.length), isTTY: false, columns: 80 },
    stderr: { write: (text) => void (err.length < 100_000 && (err += text)), isTTY: false, columns: 80 },
    stdin: async () => Buffer.alloc(0),
    stopSignal: async () => {},
    now: () => 1_795_000_000_000,
  };
  let code = -1;
  try {
    code = await run(argv, io);
  } catch (error) {
    failures.push(String(error?.stack ?? error));
  }
  await new Promise((done) => setImmediate(done));
  const { user, system } = process.cpuUsage(before);
  const bug = /internal error in meshgw[\s\S]*/.exec(err)?.[0];
  if (bug) failures.push(bug);
  process.send({
    id,
    code,
    out,
    cpu: (user + system) / 1e6,
    rss: process.memoryUsage().rss,
    failure: failures.splice(0).join('\n') || undefined,
  });
});
