import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ownFolder } from '../../libs/platform/src/embedded/postgres-place.js';

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

// The page is our own, and neither root nor most containers can have Chromium's sandbox.
const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'];

interface Program {
  readonly path: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Libraries that it brings along for systems without them. */
  readonly libraries?: string;
}

/** A real Chromium: CHROMIUM_PATH, else one of the system, else the one that lies packed in node_modules. */
export async function openBrowser(): Promise<Browser> {
  const found = process.env['CHROMIUM_PATH'] ?? systemBrowsers.find((path) => existsSync(path));
  const { path, env, libraries }: Program = found ? { path: found } : await unpacked();
  const launch = async (more: Readonly<Record<string, string>> = {}) =>
    chromium.launch({
      executablePath: path,
      args,
      env: { ...(process.env as Record<string, string>), ...env, ...more },
    });
  if (libraries === undefined) return launch();
  return launch().catch(async (error: Error) => {
    if (!/error while loading shared libraries/.test(error.message)) throw error;
    return launch({ LD_LIBRARY_PATH: libraries });
  });
}

/** Unpacks the browser once for all test runs of this user; it is 200 MB and takes some seconds. */
async function unpacked(): Promise<Program> {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('@sparticuz/chromium');
  const packageFolder = dirname(dirname(dirname(entry)));
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const shelf = ownFolder(join(tmpdir(), `kwartier-chromium-${process.getuid?.()}`));
  const folder = join(shelf, version);
  if (!existsSync(folder)) await unpackTo(folder, join(packageFolder, 'build/esm/index.js'), shelf);
  return {
    path: join(folder, 'chromium'),
    env: { FONTCONFIG_FILE: join(folder, 'fonts.conf') },
    libraries: join(folder, 'al2023', 'lib'),
  };
}

/**
 * Whole or not at all: unpacked aside and renamed, so that nobody ever starts half a browser, and whoever comes second
 * throws its own copy away. The package unpacks to the temporary folder, so a process of its own gets one of ours.
 */
async function unpackTo(folder: string, entry: string, shelf: string): Promise<void> {
  const aside = mkdtempSync(join(shelf, 'new-'));
  const script = `const { default: chromium } = await import(${JSON.stringify(pathToFileURL(entry).href)});
    await chromium.executablePath();`;
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      // Only on that machine does the package unpack its system libraries too.
      env: { TMPDIR: aside, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
    });
    writeFileSync(join(aside, 'fonts.conf'), fontsConf(folder));
    renameSync(aside, folder);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

const fontsConf = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;

/** A page that remembers what the browser complained about: errors, and whatever its security policy forbade. */
export async function openPage(
  browser: Browser,
  url: string,
  viewport: { readonly width: number; readonly height: number },
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const page = await (await browser.newContext({ viewport })).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
    console.error('forbidden by ' + event.violatedDirective + ': ' + event.blockedURI))`);
  await page.goto(url);
  return { page, complaints };
}

/** How wide the page is; wider than its window, it would scroll sideways. */
export const widthOf = async (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth');
