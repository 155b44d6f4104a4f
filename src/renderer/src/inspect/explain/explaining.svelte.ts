import { recall, remember } from '../../state/memory';

/** Whether layers are explained in words: at first, until one turns it off; kept. */
class Explaining {
  on = $state(recall('explain') !== 'off');

  toggle(): void {
    this.on = !this.on;
    remember('explain', this.on ? 'on' : 'off');
  }
}

export const explaining = new Explaining();
