/** The screens, by the address's fragment. */
export const screenNames = ['inspect', 'train', 'compare', 'learn'] as const;
export type ScreenName = (typeof screenNames)[number];

const named = (hash: string): ScreenName =>
  screenNames.find((screen) => /^#(\w+)/.exec(hash)?.[1] === screen) ?? 'inspect';

/** Which screen is shown. The address follows, and so does the history: see `Places`. */
class Route {
  current = $state<ScreenName>(named(location.hash));
  /** What of it is asked for, in its own terms: a scene of the course, and how it stands. */
  rest = $state('');

  go(screen: ScreenName, rest = ''): void {
    this.current = screen;
    this.rest = rest;
  }
}

export const route = new Route();
