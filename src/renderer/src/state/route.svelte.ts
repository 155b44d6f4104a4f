/** The screens, by the address's fragment. */
export const screens = ['inspect', 'train', 'compare'] as const;
export type ScreenName = (typeof screens)[number];

const named = (hash: string): ScreenName => screens.find((screen) => hash === `#${screen}`) ?? 'inspect';

class Route {
  current = $state<ScreenName>(named(location.hash));

  constructor() {
    addEventListener('hashchange', () => (this.current = named(location.hash)));
  }

  go(screen: ScreenName): void {
    location.hash = screen;
  }
}

export const route = new Route();
