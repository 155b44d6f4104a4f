import { BrowserWindow, type RenderProcessGoneDetails, type WebContents } from 'electron';
import { built } from '../engine/system/root';
import { say, type Message } from '../words';
import { ORIGIN } from './files';
import type { Pages } from './pages';

const APP = `${ORIGIN}/index.html`;
/** The page shown after the window's process died too often; its buttons lead back to the app. */
const STOPPED = `${ORIGIN}/stopped.html`;

/** How often the window's process may die within a minute before the app stops reloading by itself. */
const RELOADS_A_MINUTE = 3;
/** Milliseconds until that page is loaded again if it died too. */
const STOPPED_AGAIN = 10_000;

/** The app's window, hardened as Electron's security checklist says; shown once its first frame is drawn. */
export function openWindow(pages: Pages): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 800,
    minHeight: 560,
    show: false,
    title: 'Convscope',
    backgroundColor: '#121417',
    webPreferences: {
      preload: built('preload', 'index.js'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  const { webContents } = window;
  webContents.once('destroyed', () => pages.end(webContents, null));
  comeBack(window, pages);
  void window.loadURL(APP);
  return window;
}

/** When the window's process dies, the app is loaded again and opens what was open; after several times within a minute it says what to do. */
function comeBack(window: BrowserWindow, pages: Pages): void {
  const { webContents } = window;
  const deaths: number[] = [];
  webContents.on('render-process-gone', (_event, details) => {
    if (window.isDestroyed()) return;
    pages.end(webContents, say('window.stopped', { how: howOf(details) }));
    const now = Date.now();
    deaths.push(now);
    const recent = deaths.filter((time) => now - time < 60_000).length;
    const url = webContents.getURL();
    const screen = url.includes('#') ? url.slice(url.indexOf('#')) : '';
    const gaveUp = recent > RELOADS_A_MINUTE;
    // Not within the event: Electron is still cleaning up the process that died.
    setTimeout(
      () => {
        if (window.isDestroyed()) return;
        if (gaveUp) window.show();
        void window.loadURL((gaveUp ? STOPPED : APP) + screen).catch(() => undefined); // died again: told by the same event
      },
      url.startsWith(STOPPED) ? STOPPED_AGAIN : 0,
    );
  });
  webContents.on('will-navigate', (event, url) => {
    if (!leadsBack(webContents, url)) return event.preventDefault();
    // What was open may be the reason for the crash.
    if (new URL(url).search === '?anew') pages.end(webContents, null);
  });
}

/** Whether this is a button of the page shown after the app stopped reloading. */
const leadsBack = (contents: WebContents, url: string): boolean =>
  contents.getURL().startsWith(STOPPED) && url.split(/[?#]/)[0] === APP;

function howOf({ reason }: RenderProcessGoneDetails): Message {
  if (reason === 'oom') return say('window.memory');
  if (reason === 'killed') return say('window.killed');
  if (reason === 'crashed') return say('window.crashed');
  return say('window.ended', { reason: say('system.quoted', { text: reason }) });
}
