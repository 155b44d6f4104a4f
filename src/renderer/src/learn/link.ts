import type { LinkState } from '../../../shared/link/link';
import { route } from '../state/route.svelte';
import type { ScreenLink } from '../state/screens';
import { course } from './course.svelte';

/** Scenes know their own fields, and tell what a link has wrong of them: `state/link.ts`. */
export const learnLink: ScreenLink<LinkState<'learn'>> = {
  now() {
    const [scene, state] = course.address().split('?');
    return scene || state ? { scene, state } : {};
  },

  entry: ({ scene = '' }) => scene,

  open(_app, { scene = '', state }) {
    const address = state === undefined ? scene : `${scene}?${state}`;
    route.go('learn', address);
    if (address !== course.address()) course.follow(address);
    return Promise.resolve(true);
  },
};
