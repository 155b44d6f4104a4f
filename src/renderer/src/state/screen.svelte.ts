import { createContext } from 'svelte';

export const [useScreen, provideScreen] = createContext<Screen>();

/** What stands open over a screen, and how near one stands to the overview. */
export class Screen {
  open = $state.raw<
    'find' | 'keys' | 'model' | 'panel' | 'image' | 'pad' | 'options' | 'save' | 'export' | 'longer' | null
  >(null);
  /** Steps of the overview's zoom away from its own fit: each is a factor of √2. */
  zoom = $state(0);
  static readonly zoomRange = { least: -4, most: 6 } as const;

  toggle(what: NonNullable<Screen['open']>): void {
    this.open = this.open === what ? null : what;
  }
  close(): void {
    this.open = null;
  }
  /** Closes after a choice: the keys go on in the stage, not on the opener, where Enter would open it again. */
  chosen(): void {
    document.querySelector<HTMLElement>('main')?.focus();
    this.open = null;
  }
  /** 1 nearer, −1 farther, 0 back to the fit. */
  zoomBy(step: number): void {
    const { least, most } = Screen.zoomRange;
    this.zoom = step === 0 ? 0 : Math.max(least, Math.min(most, this.zoom + step));
  }
}
