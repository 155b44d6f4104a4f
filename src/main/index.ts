import { app, BrowserWindow, Menu, protocol, session } from 'electron';
import { EngineHost } from '../engine/worker/host';
import { openingOf } from '../engine/system/options';
import { carryProtocol, sendEvent } from './ipc';
import { SCHEME, serveWindow } from './files';
import { Pages } from './pages';
import { quitAfter } from './quit';
import { openWindow } from './window';

protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

void app.whenReady().then(() => {
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  serveWindow();

  const engine = new EngineHost({ open: openingOf(ownArguments()) }, sendEvent);
  const pages = new Pages(engine);
  carryProtocol(engine, pages);
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
