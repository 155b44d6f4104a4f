/** The picture whose hint above the view was dismissed, whatever is looked at meanwhile. */
class Hinted {
  #dismissed = $state.raw<unknown>(null);

  dismiss(image: unknown): void {
    this.#dismissed = image;
  }
  isDismissed(image: unknown): boolean {
    return this.#dismissed === image;
  }
}

export const hinted = new Hinted();
