import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, chromium, test as base, type Browser, type ElectronApplication, type Page } from '@playwright/test';
import { patience } from './patience';

const require = createRequire(__filename);

export const root = join(__dirname, '..', '..');

/** The browser of this worker: each app has a context of its own in it. */
let browser: Promise<Browser> | null = null;
const openBrowser = (): Promise<Browser> =>
  (browser ??= chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  }));

export type HostName = 'browser' | 'electron';

/** The app, running in the host that the project names. */
export interface App {
  host: HostName;
  page: Page;
  /** What went wrong on the page: uncaught errors, the console's errors and warnings. */
  errors: string[];
  /** Where its runs and data sets lie. */
  data: string;
  /** Null in the browser host. */
  electron: ElectronApplication | null;
  /** Everything that Electron's processes wrote to standard error. */
  stderr(): string;
  /** Does what makes the app save a file; the file's path once it is there. */
  saved(act: () => Promise<void>): Promise<string>;
  /** Gives the page another size, in CSS pixels. */
  resize(width: number, height: number): Promise<void>;
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** What the command line names. */
  args?: string[];
  viewport?: { width: number; height: number };
  locale?: string;
  /** As someone who starts it for the first time: the three doors stand open. Else they have been gone through. */
  first?: boolean;
}

/** What the window remembers once one has gone through one of the three doors. */
const begun = (): void => localStorage.setItem('convscope.begun', 'yes');

/** Runs and data sets of a test lie in its own folder: two starts of one test see the same, two tests never. */
const dataFolder = (folder: string): string => join(folder, 'data');

async function launchElectron(
  folder: string,
  { args = [], viewport, locale = 'en-US', first = false }: LaunchOptions,
): Promise<App> {
  // As root, which a container is, Chromium's own sandbox refuses to start; the product never passes this switch.
  const switches = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', `--lang=${locale}`];
  const electron = await _electron.launch({
    executablePath: require('electron') as unknown as string,
    args: [...switches, `--user-data-dir=${join(folder, 'profile')}`, root, ...args],
    cwd: root,
    env: { ...(process.env as Record<string, string>), CONVSCOPE_DATA: dataFolder(folder) },
  });
  let stderr = '';
  electron.process().stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  const page = await electron.firstWindow();
  const errors = watch(page);
  const { width, height } = viewport ?? { width: 1440, height: 900 };
  const resize = (width: number, height: number): Promise<void> =>
    electron.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0].setContentSize(size.width, size.height),
      { width, height },
    );
  await resize(width, height);
  if (!first) {
    // Its first page is under way already.
    await page.locator('.app, [role=alert]').first().waitFor();
    const doors = page.getByTestId('doors');
    if (await doors.isVisible()) await doors.press('Escape');
  }
  return {
    host: 'electron',
    page,
    errors,
    data: dataFolder(folder),
    electron,
    stderr: () => stderr,
    async saved(act) {
      const path = join(folder, `saved-${Date.now()}`);
      await electron.evaluate(({ dialog }, filePath) => {
        const answer = (): Promise<unknown> => Promise.resolve({ canceled: false, filePath });
        Object.assign(dialog, { showSaveDialog: answer });
      }, path);
      await act();
      await base.expect.poll(() => existsSync(path)).toBe(true);
      return path;
    },
    resize,
    close: () => electron.close(),
  };
}

async function launchBrowser(
  folder: string,
  { args = [], viewport, locale = 'en-US', first = false }: LaunchOptions,
): Promise<App> {
  process.env.CONVSCOPE_DATA = dataFolder(folder);
  const { serve } = require(join(root, 'out', 'main', 'server.js')) as typeof import('../../src/server/index');
  const { address, close } = await serve({ argv: args });
  const page = await (
    await openBrowser()
  ).newPage({
    viewport: viewport ?? { width: 1440, height: 900 },
    locale,
    acceptDownloads: true,
  });
  const errors = watch(page);
  if (!first) await page.addInitScript(begun);
  await page.goto(address);
  return {
    host: 'browser',
    page,
    errors,
    data: dataFolder(folder),
    electron: null,
    stderr: () => '',
    async saved(act) {
      const [download] = await Promise.all([page.waitForEvent('download'), act()]);
      const path = join(folder, `saved-${Date.now()}`);
      await download.saveAs(path);
      return path;
    },
    resize: (width, height) => page.setViewportSize({ width, height }),
    async close() {
      await page.context().close();
      await close();
    },
  };
}

function watch(page: Page): string[] {
  page.setDefaultTimeout(patience);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('console', (message) => {
    // Svelte, for one, warns of what is read after it is gone.
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  return errors;
}

/** A test may close an app itself, to start another. */
function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | null = null;
  return () => (closing ??= close());
}

/** `launch` starts the app in the project's host; a page that reported an error fails its test. */
export const test = base.extend<{ launch: (options?: LaunchOptions) => Promise<App> }>({
  launch: async ({}, use, info) => {
    const folder = mkdtempSync(join(tmpdir(), 'convscope-e2e-'));
    const apps: App[] = [];
    const start = info.project.metadata.host === 'electron' ? launchElectron : launchBrowser;
    await use(async (options = {}) => {
      const app = await start(folder, options);
      const close = once(app.close);
      apps.push({ ...app, close });
      return { ...app, close };
    });
    for (const app of apps) await app.close();
    rmSync(folder, { recursive: true, force: true });
    base
      .expect(
        apps.flatMap((app) => app.errors),
        'errors on the page',
      )
      .toEqual([]);
  },
});

export const expect = test.expect;
