// What npm runs before it packs or installs the package from its repository (`language: node` of pre-commit does so). A global install
// from git leaves the packages that build it out of the checkout: they are installed there first, as the lock file says.
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const run = (command) => execSync(command, { stdio: ['ignore', 2, 2] });
if (!existsSync('node_modules/typescript'))
  run('npm ci --ignore-scripts --include=dev --global=false --location=project --no-audit --no-fund');
run('npm run --silent build');
