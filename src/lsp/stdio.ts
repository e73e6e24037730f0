// The connection to an editor that started the server as its child.

import { type Connection, createConnection, ProposedFeatures } from 'vscode-languageserver/node.js';

/** Messages on standard input and output; nothing else may be written there. The process ends when the editor says so. */
export const stdioConnection = (): Connection => createConnection(ProposedFeatures.all, process.stdin, process.stdout);
