import type { Theme } from '../../../shared/colormap';
import { recall, remember } from '../state/memory';

/** Light or dark: what the system prefers first, then what was chosen last. */
class ThemeController {
  current = $state<Theme>('dark');

  constructor() {
    const remembered = recall('theme');
    this.current =
      remembered === 'dark' || remembered === 'light'
        ? remembered
        : matchMedia('(prefers-color-scheme: light)').matches
          ? 'light'
          : 'dark';
    this.#show();
  }

  toggle(): void {
    this.current = this.current === 'dark' ? 'light' : 'dark';
    remember('theme', this.current);
    this.#show();
  }

  /** Resolved at once, before the next paint, so that tokens and canvases change together. */
  #show(): void {
    document.documentElement.dataset.theme = this.current;
  }
}

export const theme = new ThemeController();
