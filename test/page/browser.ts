// A page in Debian's chromium: opened from a file, everything that it asks for beside itself is a problem.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { ensureBuilt } from '../build.js';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const hasBrowser = existsSync(CHROMIUM);
/** For the name of a group of tests: what is missing is said. */
export const inChromium = hasBrowser ? 'in chromium' : `NOT RUN: ${CHROMIUM} is missing`;

/** The page that a command of the built tool writes; exit codes of findings are as good. */
export function pageOf(command: string, ...args: string[]): string {
  ensureBuilt();
  const how = { encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  try {
    return execFileSync('node', ['bin/meshgw.js', command, '-o', 'html', ...args], how);
  } catch (error) {
    const { status, stdout } = error as { status?: number; stdout?: string };
    if (status === 1 && stdout) return stdout;
    throw error;
  }
}

export interface Browser {
  readonly page: Page;
  /** Errors of the page, and everything that it asked for beside itself. */
  readonly problems: string[];
}

export interface Look {
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
}

export async function inBrowser(
  html: string,
  look: (browser: Browser) => Promise<void>,
  how: Look = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-page-'));
  try {
    const file = join(folder, 'page.html');
    writeFileSync(file, html);
    await fileInBrowser(file, (url) => url === pathToFileURL(file).href, look, how);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** `own`: addresses that the page may ask for; every other one is a problem. */
export async function fileInBrowser(
  file: string,
  own: (url: string) => boolean,
  look: (browser: Browser) => Promise<void>,
  { colorScheme = 'light', viewport = { width: 1560, height: 940 } }: Look = {},
): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'meshgw-profile-'));
  let context: BrowserContext | undefined;
  try {
    context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      headless: true,
      args: FLAGS,
      viewport,
      colorScheme,
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('dialog', (dialog) => {
      problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('request', (request) => {
      if (!own(request.url())) problems.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('main');
    await look({ page, problems });
    expect(problems).toEqual([]);
  } finally {
    await context?.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
