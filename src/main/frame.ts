import { app, type BrowserWindow, type WebContents } from 'electron';
import type { FrameWishes } from '../shared/frame';
import type { Language } from '../words';
import { showMenu } from './menu';

/** Windows and menu as the page wants them: it knows the language, the size of everything, and whether one presents. */
export class Frame {
  /** Windows that present, and whether they were full screen before. */
  private readonly presenting = new Map<BrowserWindow, boolean>();
  private language: Language | null = null;
  private readonly zooms = new WeakMap<WebContents, number>();

  constructor() {
    this.speak(app.getLocale().startsWith('zh') ? 'zh' : 'en');
    // A reloaded page starts at size 1.
    app.on('web-contents-created', (_event, contents) =>
      contents.on('did-finish-load', () => contents.setZoomFactor(this.zooms.get(contents) ?? 1)),
    );
  }

  apply(window: BrowserWindow | null, { language, zoom, presenting }: FrameWishes): void {
    if (language) this.speak(language);
    if (!window) return;
    if (zoom !== undefined) {
      this.zooms.set(window.webContents, zoom);
      window.webContents.setZoomFactor(zoom);
    }
    if (presenting === true && !this.presenting.has(window)) {
      this.presenting.set(window, window.isFullScreen());
      window.setMenuBarVisibility(false);
      window.setFullScreen(true);
    } else if (presenting === false && this.presenting.has(window)) {
      window.setFullScreen(this.presenting.get(window)!);
      window.setMenuBarVisibility(true);
      this.presenting.delete(window);
    }
  }

  private speak(language: Language): void {
    if (language === this.language) return;
    this.language = language;
    showMenu(language);
  }
}
