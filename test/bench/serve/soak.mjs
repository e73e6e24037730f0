// Does serve stay small and lose nothing? 10,000 idle connections, 1 GB bodies both ways with a slow side, a reload every
// second under load. Prints what it saw; exits 1 where a bound is broken.
//   npm run soak            about 1.5 minutes; SOAK_SECONDS=60 is the time of the reloads, SOAK_GB=1 the size of the bodies

import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { configOf, end, file, sleep, startServe, TO_APP } from './processes.mjs';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 60);
const BYTES = Number(process.env.SOAK_GB ?? 1) * 1024 ** 3;
const IDLE = Number(process.env.SOAK_IDLE ?? 10_000);
const RSS_LIMIT_MB = 300;
const failures = [];

const check = (name, ok, text) => {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}: ${text}`);
  if (!ok) failures.push(name);
};
const memory = (pid, field) =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024;

/** A configuration that differs with `n`, with the same route for everything else. */
const config = (n) =>
  configOf([`{ match: [{ uri: { prefix: /only-${n} } }], redirect: { uri: /x } }`, `{ ${TO_APP} }`]);

/** Answers /zeros/<n> with n bytes, counts what is sent to it. */
function startUpstream() {
  const zeros = Buffer.alloc(65_536);
  const server = http.createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    const size = Number(/^\/zeros\/(\d+)/.exec(request.url)?.[1] ?? 0);
    let received = 0;
    request.on('data', (chunk) => {
      received += chunk.length;
    });
    if (size > 0) {
      response.writeHead(200, { 'content-length': size });
      let left = size;
      const more = () => {
        while (left > 0) {
          const part = left >= zeros.length ? zeros : zeros.subarray(0, left);
          left -= part.length;
          if (!response.write(part)) return void response.once('drain', more);
        }
        response.end();
      };
      return more();
    }
    request.on('end', () => response.end(String(received)));
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

async function idleConnections({ port, child }) {
  const sockets = [];
  let lost = 0;
  for (let i = 0; i < IDLE; i += 200) {
    await Promise.all(
      Array.from(
        { length: Math.min(200, IDLE - i) },
        () =>
          new Promise((done) => {
            const socket = net.connect(port, '127.0.0.1', () => done());
            socket.on('error', () => {
              lost++;
              done();
            });
            socket.on('close', () => lost++);
            sockets.push(socket);
          }),
      ),
    );
  }
  // Half of them have made a request and are kept.
  await Promise.all(
    sockets.slice(0, IDLE / 2).map(
      (socket) =>
        new Promise((done) => {
          socket.once('data', done);
          socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
        }),
    ),
  );
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  check(
    '10,000 idle connections',
    lost === 0 && answer.status === 200,
    `${sockets.length} open, ${lost} lost, a new request got ${answer.status}`,
  );
  const rss = memory(child.pid, 'VmRSS');
  check('memory with them', rss < RSS_LIMIT_MB, `${rss.toFixed(0)} MB (limit ${RSS_LIMIT_MB})`);
  for (const socket of sockets) socket.destroy();
  await sleep(500);
}

async function largeBodies({ port, child }) {
  const down = await new Promise((done) => {
    let got = 0;
    let pauses = 0;
    http.get({ port, host: '127.0.0.1', path: `/zeros/${BYTES}`, agent: false }, (response) => {
      response.on('data', (chunk) => {
        got += chunk.length;
        // A reader that stops now and then.
        if (Math.floor(got / 50_000_000) > pauses) {
          pauses++;
          response.pause();
          setTimeout(() => response.resume(), 50);
        }
      });
      response.on('end', () => done(got));
    });
  });
  check('a large download', down === BYTES, `${down} of ${BYTES} bytes`);
  const up = await new Promise((done) => {
    const request = http.request(
      {
        port,
        host: '127.0.0.1',
        path: '/upload',
        method: 'POST',
        agent: false,
        headers: { 'transfer-encoding': 'chunked' },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => done(Number(text)));
      },
    );
    const chunk = Buffer.alloc(1_048_576);
    let left = BYTES;
    const more = () => {
      while (left > 0) {
        left -= chunk.length;
        if (!request.write(chunk)) return void request.once('drain', more);
      }
      request.end();
    };
    more();
  });
  check('a large upload', up === BYTES, `${up} of ${BYTES} bytes`);
  const peak = memory(child.pid, 'VmHWM');
  check('memory at its peak', peak < RSS_LIMIT_MB, `${peak.toFixed(0)} MB (limit ${RSS_LIMIT_MB})`);
}

async function reloads({ port, child }, path) {
  let taken = 0;
  child.stderr.on('data', (text) => {
    taken += String(text).split('reloaded:').length - 1;
    if (String(text).includes('not reloaded')) failures.push(String(text));
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  let stop = false;
  let answered = 0;
  const bad = [];
  const client = async () => {
    while (!stop)
      await new Promise((done) => {
        const request = http.get({ port, host: '127.0.0.1', path: '/x', agent }, (response) => {
          if (response.statusCode !== 200) bad.push(response.statusCode);
          response.resume();
          response.on('end', () => {
            answered++;
            done();
          });
        });
        request.on('error', (error) => {
          bad.push(error.message);
          done();
        });
      });
  };
  const clients = Array.from({ length: 32 }, client);
  for (let i = 1; i <= SECONDS; i++) {
    writeFileSync(path, config(i));
    await sleep(1_000);
  }
  stop = true;
  await Promise.all(clients);
  agent.destroy();
  check(
    'a reload every second',
    bad.length === 0 && taken >= SECONDS * 0.9,
    `${taken} reloads, ${answered} requests answered, ${bad.length} lost ${bad.slice(0, 3).join(' ')}`,
  );
}

const upstream = await startUpstream();
try {
  const path = file('config.yaml', config(0));
  const serve = await startServe(path, upstream.address().port, { flags: ['--watch'] });
  await idleConnections(serve);
  await largeBodies(serve);
  await reloads(serve, path);
  const after = memory(serve.child.pid, 'VmRSS');
  check('memory at the end', after < RSS_LIMIT_MB, `${after.toFixed(0)} MB`);
  const ended = new Promise((done) => serve.child.once('exit', done));
  serve.child.kill('SIGTERM');
  const code = await ended;
  check('SIGTERM ends it', code === 0, `exit code ${code}`);
} finally {
  upstream.close();
  upstream.closeAllConnections();
  end('SIGKILL');
}
process.exitCode = failures.length === 0 ? 0 : 1;
