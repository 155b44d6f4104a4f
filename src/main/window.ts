import { BrowserWindow } from 'electron';
import { built } from '../engine/system/root';

/** The app's window, hardened as Electron's security checklist says; shown once its first frame is drawn. */
export function openWindow(url: string): BrowserWindow {
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
  void window.loadURL(url);
  return window;
}
