/** Moving the view by dragging: on empty ground, with the middle button anywhere, or anywhere while Space is held. */
export class Panning {
  active = $state(false);
  /** Space is held: anything can be taken hold of. */
  ready = $state(false);
  #moved = false;
  /** Something was dragged while Space was held. */
  #held = false;

  constructor(readonly scroller: () => HTMLElement) {
    $effect(() => {
      const key = (event: KeyboardEvent): void => {
        if (event.code !== 'Space') return;
        const target = event.target instanceof Element ? event.target : null;
        if (target?.closest('input, header, footer, aside, nav, .tools, .pop')) return;
        event.preventDefault();
        if (event.type === 'keydown') {
          if (!this.ready) this.#held = false;
          this.ready = true;
          return;
        }
        this.ready = false;
        // Space alone still presses the map that has the focus.
        if (!this.#held && target instanceof HTMLElement) target.closest<HTMLElement>('button')?.click();
      };
      window.addEventListener('keydown', key);
      window.addEventListener('keyup', key);
      return () => {
        window.removeEventListener('keydown', key);
        window.removeEventListener('keyup', key);
      };
    });
  }

  readonly down = (event: PointerEvent): void => {
    const target = event.target instanceof Element ? event.target : null;
    const onSomething = target?.closest('button, [data-units], a, input') !== null;
    if (event.button !== 1 && !(event.button === 0 && (this.ready || !onSomething))) return;
    const view = this.scroller();
    // The scroll bars are the browser's.
    const box = view.getBoundingClientRect();
    if (event.clientX - box.left > view.clientWidth || event.clientY - box.top > view.clientHeight) return;
    const from = { x: event.clientX, y: event.clientY, left: view.scrollLeft, top: view.scrollTop };
    this.#moved = false;
    const move = (next: PointerEvent): void => {
      const dx = next.clientX - from.x;
      const dy = next.clientY - from.y;
      if (!this.active && Math.hypot(dx, dy) < 4) return;
      this.active = true;
      this.#moved = true;
      this.#held = true;
      view.scrollLeft = from.left - dx;
      view.scrollTop = from.top - dy;
    };
    const up = (): void => {
      this.active = false;
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', up);
      // The click that ends a drag comes right after; later ones are clicks again.
      setTimeout(() => (this.#moved = false));
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', up);
    if (event.button === 1) event.preventDefault();
  };

  /** Whether the click that is on its way only ended a drag. */
  swallowed(): boolean {
    return this.#moved || this.ready;
  }
}
