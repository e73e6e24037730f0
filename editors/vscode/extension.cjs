// Starts `meshgw lsp` for the open folders, and again when a setting changes.

const { commands, window, workspace } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

/** The settings of now, as what the client takes. */
function clientOf() {
  const settings = workspace.getConfiguration('meshgw');
  const [command, ...first] = settings.get('command', ['meshgw']);
  const server = { command, args: [...first, 'lsp', '--stdio', ...settings.get('arguments', [])] };
  return new LanguageClient('meshgw', 'meshgw', server, {
    documentSelector: [
      { scheme: 'file', language: 'yaml' },
      { scheme: 'file', language: 'json' },
    ],
    initializationOptions: { schemaErrors: settings.get('schemaErrors', true) },
  });
}

async function start() {
  const old = client;
  client = undefined;
  await old?.stop();
  client = clientOf();
  try {
    await client.start();
  } catch (error) {
    window.showErrorMessage(
      `meshgw does not start: ${error instanceof Error ? error.message : error}. Is it on the PATH, or named in meshgw.command?`,
    );
  }
}

exports.activate = async (context) => {
  context.subscriptions.push(
    commands.registerCommand('meshgw.restart', start),
    workspace.onDidChangeConfiguration((change) => (change.affectsConfiguration('meshgw') ? start() : undefined)),
  );
  await start();
};

exports.deactivate = () => client?.stop();
