import { app, BrowserWindow } from 'electron';
import { built } from '../engine/system/root';
import { isLink, LINK_START } from '../shared/link/link';
import { SCHEME } from './files';
import type { Pages } from './pages';

/** What the system asked to open before the app was ready (macOS). */
let early: string | null = null;
app.on('open-url', (event, url) => {
  event.preventDefault();
  early = url;
});

/**
 * Whether an instance that runs already opens the link in its window. Without a link every start is a window of its own, as before.
 */
export function isTakenOver(link: string | null | undefined): boolean {
  const isFirst = app.requestSingleInstanceLock({ link: link ?? null });
  return !isFirst && Boolean(link);
}

/** Opens the links that the system hands over: a second start of the app, or one that somebody followed elsewhere. */
export function takeLinks(pages: Pages): void {
  const take = (link: unknown): void => {
    if (typeof link !== 'string' || !link.startsWith(LINK_START)) return;
    pages.open(link);
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  };
  if (early) take(early);
  app.removeAllListeners('open-url');
  app.on('open-url', (event, url) => {
    event.preventDefault();
    if (isLink(url)) take(url);
  });
  app.on('second-instance', (_event, _words, _folder, data) => take((data as { link?: unknown } | null)?.link));
  register();
}

/**
 * Tells the system that links are the app's. In development on Linux there is no desktop entry that could be named, and macOS reads it
 * from the app's bundle.
 */
function register(): void {
  if (app.isPackaged) app.setAsDefaultProtocolClient(SCHEME);
  else if (process.platform === 'win32') app.setAsDefaultProtocolClient(SCHEME, process.execPath, [built('..')]);
}
