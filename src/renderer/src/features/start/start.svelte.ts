import { recall, remember } from '../../state/memory';

/** What people are shown at first, and can have again later. */
class Start {
  /** The three doors: until one has gone through one of them. */
  doors = $state(recall('begun') === null);
  /** Step of the tour, from 0 on; null where none is under way. */
  step = $state<number | null>(null);
  /** The hint under the maps: until one has come to a pixel. */
  hint = $state(recall('walked') === null);

  enter(): void {
    this.doors = false;
    remember('begun', 'yes');
  }
  walked(): void {
    if (!this.hint) return;
    this.hint = false;
    remember('walked', 'yes');
  }
}

export const start = new Start();
