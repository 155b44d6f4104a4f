import { app, BrowserWindow, protocol, session } from 'electron';
import { EngineHost } from '../engine/worker/host';
import { openingOf } from '../engine/system/options';
import { carryProtocol, sendEvent } from './ipc';
import { SCHEME, serveWindow } from './files';
import { Frame } from './frame';
import { isTakenOver, takeLinks } from './links';
import { Pages } from './pages';
import { quitAfter } from './quit';
import { openWindow } from './window';

protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

const open = openingOf(ownArguments());
// Another window of the app takes the link over, where there is one.
if (isTakenOver(open.link)) {
  process.send?.('started');
  app.exit(0);
}

void app.whenReady().then(() => {
  // The window may copy text for people; nothing else.
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(mayCopy(permission)));
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => mayCopy(permission));
  serveWindow();

  const engine = new EngineHost({ open }, sendEvent);
  const pages = new Pages(engine);
  carryProtocol(engine, pages, new Frame());
  takeLinks(pages);
  openWindow(pages);
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow(pages);
  });
  process.send?.('started');

  quitAfter(() => engine.close());
});

app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit();
});

app.on('web-contents-created', (_event, contents) => {
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
});

function mayCopy(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}

/**
 * The arguments after the executable and, in development, after the app's folder, which is the first word that is not a
 * switch.
 */
function ownArguments(): string[] {
  const words = process.argv.slice(1);
  if (!app.isPackaged)
    words.splice(
      words.findIndex((word) => !word.startsWith('-')),
      1,
    );
  return words;
}
