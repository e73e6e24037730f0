// Is the other side of an HTTP/2 connection there still? Node 20 keeps the connection of a peer that broke the protocol
// open, reads nothing from it any more, and tells nobody (seen with 20.20.2, also with http2.createServer; 24 closes it).
// So every session is asked with a PING now and then, which any peer has to answer (RFC 9113 6.7).

import type { Http2Session } from 'node:http2';

/** Ends a session that has not answered from one beat to the next. `ms`: between beats. `onGone` follows `session.destroy()`. */
export function keepPulse(session: Http2Session, ms: number, onGone: () => void = () => undefined): void {
  let asked = false;
  const end = () => {
    clearInterval(timer);
    if (!session.destroyed) session.destroy();
    onGone();
  };
  const timer = setInterval(() => {
    if (session.connecting) return;
    if (asked || session.destroyed) return end();
    asked = true;
    session.ping((error) => {
      if (error === null) asked = false;
    });
  }, ms);
  timer.unref();
  session.once('close', () => clearInterval(timer));
}
