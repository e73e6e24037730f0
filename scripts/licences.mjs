// The licences of the packages that a bundle holds, from its list of inputs. A package without a licence file stops the build.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param {import('esbuild').Metafile} metafile @param {string} root of the repository */
export function licences(metafile, root) {
  const folders = Object.keys(metafile.inputs).flatMap((file) => {
    const found = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file);
    return found ? [found[0]] : [];
  });
  const texts = [...new Set(folders)].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    return `${name} ${version} (${license})\n\n${textOf(join(root, folder), name)}`;
  });
  return `${texts.sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** Copyright lines of packages under the MIT licence that carry no licence file, as their sources say. */
const MIT_WITHOUT_FILE = { 'yoga-layout': 'Copyright (c) Meta Platforms, Inc. and affiliates.' };

function textOf(folder, name) {
  const file = readdirSync(folder).find((f) => /^licen[cs]e(\.|-mit|$)/i.test(f));
  if (file) return readFileSync(join(folder, file), 'utf8').trim();
  if (MIT_WITHOUT_FILE[name]) return `MIT License\n\n${MIT_WITHOUT_FILE[name]}\n\n${MIT}`;
  throw new Error(`the package ${name} has no licence file: say in scripts/licences.mjs what it is`);
}

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;
