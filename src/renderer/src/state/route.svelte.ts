/** The screens, by the address's fragment. */
export const screenNames = ['inspect', 'train', 'compare'] as const;
export type ScreenName = (typeof screenNames)[number];

const named = (hash: string): ScreenName => screenNames.find((screen) => hash === `#${screen}`) ?? 'inspect';

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
