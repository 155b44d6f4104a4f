import { createContext } from 'svelte';

export const [useScreen, provideScreen] = createContext<Screen>();

/** What stands open over a screen, and how near one stands to the overview. */
export class Screen {
  open = $state.raw<
    | 'find'
    | 'keys'
    | 'settings'
    | 'place'
    | 'model'
    | 'panel'
    | 'image'
    | 'pad'
    | 'options'
    | 'save'
    | 'export'
    | 'longer'
    | null
  >(null);
  /** The window is too narrow for a side panel beside the view: it lies over it, while `side`. */
  narrow = $state(false);
  side = $state(false);
  /** Steps of the overview's zoom away from its own fit: each is a factor of √2. */
  zoom = $state(0);
  static readonly zoomRange = { least: -4, most: 6 } as const;

  /** Of a foreign network: whether it is drawn as a graph; null as it suits the network. */
  graph = $state<boolean | null>(null);
  /** Which groups of which network's graph are unfolded, while the window is open. */
  unfolded = $state.raw<{ model: number; open: ReadonlySet<number> } | null>(null);

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
