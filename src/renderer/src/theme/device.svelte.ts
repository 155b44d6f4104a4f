/** Device pixels per CSS pixel, live: changes with the browser's zoom and when a window moves to another screen. */
class Device {
  ratio = $state(window.devicePixelRatio || 1);

  constructor() {
    this.#watch();
  }

  #watch(): void {
    const query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener(
      'change',
      () => {
        this.ratio = window.devicePixelRatio || 1;
        this.#watch();
      },
      { once: true },
    );
  }
}

export const device = new Device();
