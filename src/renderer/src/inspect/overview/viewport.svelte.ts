import { untrack } from 'svelte';
import type { Screen } from '../../state/screen.svelte';
import type { Box, Layout } from './geometry';
import { HEADER } from './plan';

/** The part of the world that is in sight: scrolled, zoomed around a point, moved so that a box can be seen. */
export class Viewport {
  element = $state.raw<HTMLElement>();
  width = $state(0);
  height = $state(0);
  #scroll = $state.raw({ x: 0, y: 0 });
  /** What is in sight and a little around it, in steps, so that scrolling does not recompute for every pixel. */
  readonly box = $derived.by((): Box => {
    const step = 160;
    const x = Math.floor(this.#scroll.x / step) * step;
    const y = Math.floor(this.#scroll.y / step) * step;
    return { x: x - step, y: y - step, width: this.width + 3 * step, height: this.height + 3 * step };
  });
  /** Pixels of a pinch that have not made a step of zoom yet. */
  #pinched = 0;
  /** The point that the next zoom leaves where it is, in the window; its middle where there is none. */
  #anchor: { x: number; y: number } | null = null;
  #last: { width: number; height: number; zoom: number } | null = null;

  constructor(readonly screen: Screen) {}

  readonly scrolled = (): void => {
    if (this.element) this.#scroll = { x: this.element.scrollLeft, y: this.element.scrollTop };
  };

  /** An action: listens to the wheel, which may be kept from scrolling. */
  readonly wheels = (node: HTMLElement): { destroy(): void } => {
    node.addEventListener('wheel', this.#wheel, { passive: false });
    return { destroy: () => node.removeEventListener('wheel', this.#wheel) };
  };

  readonly #wheel = (event: WheelEvent): void => {
    const { element } = this;
    if (!element) return;
    if (!event.ctrlKey && !event.metaKey) {
      // A plain wheel moves along the network where nothing can move up or down.
      const sideways = element.scrollHeight <= element.clientHeight && element.scrollWidth > element.clientWidth;
      if (sideways && event.deltaX === 0 && !event.shiftKey) {
        element.scrollLeft += event.deltaY;
        event.preventDefault();
      }
      return;
    }
    event.preventDefault();
    const box = element.getBoundingClientRect();
    this.#anchor = { x: event.clientX - box.left, y: event.clientY - box.top };
    this.#pinched += event.deltaY;
    if (Math.abs(this.#pinched) < 40) return;
    this.screen.zoomBy(this.#pinched < 0 ? 1 : -1);
    this.#pinched = 0;
  };

  /** Call in an effect: after a zoom the point under the pointer (the middle, for keys) stays where it was. */
  keepPlace({ width, height }: Pick<Layout, 'width' | 'height'>): void {
    const { zoom } = this.screen;
    untrack(() => {
      const { element } = this;
      if (element && this.#last && this.#last.zoom !== zoom) {
        const at = this.#anchor ?? { x: this.width / 2, y: this.height / 2 };
        element.scrollLeft = ((element.scrollLeft + at.x) / this.#last.width) * width - at.x;
        element.scrollTop = ((element.scrollTop + at.y) / this.#last.height) * height - at.y;
      }
      this.#last = { width, height, zoom };
      this.#anchor = null;
    });
  }

  /** Scrolls no further than needed to see a box; `left`, `right` and `top` of the window are covered. */
  show(box: Box, { left, right, top = HEADER }: { left: number; right: number; top?: number }): void {
    const { element } = this;
    if (!element) return;
    const margin = 12;
    if (box.x < element.scrollLeft + left) element.scrollLeft = Math.max(0, box.x - left - margin);
    else if (box.x + box.width > element.scrollLeft + this.width - right)
      element.scrollLeft = box.x + box.width - this.width + right + 40;
    if (box.y < element.scrollTop + top) element.scrollTop = box.y - top - margin;
    else if (box.y + box.height > element.scrollTop + this.height)
      element.scrollTop = box.y + box.height - this.height + margin;
  }
}
