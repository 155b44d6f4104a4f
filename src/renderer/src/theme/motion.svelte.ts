/** Whether the system asks for no motion. Reactive. */
class Still {
  current = $state(false);

  constructor() {
    const query = matchMedia('(prefers-reduced-motion: reduce)');
    this.current = query.matches;
    query.addEventListener('change', () => (this.current = query.matches));
  }
}

export const still = new Still();
