import type { ScreenDefinition } from '../state/screens';
import Learn from './Learn.svelte';
import { learnLink } from './link';
import ScreenIcon from './ScreenIcon.svelte';

export const learnScreen: ScreenDefinition = {
  Component: Learn,
  Icon: ScreenIcon,
  link: learnLink,
  keys: [
    [['K'], 'keys.scenePlay'],
    [['J', 'L'], 'keys.sceneStep'],
    [['↑', '↓', '←', '→'], 'keys.sceneCell'],
    [['Enter'], 'keys.sceneWrite'],
    [['Ctrl', 'Z'], 'keys.sceneUndo'],
    [['Ctrl', 'Shift', 'Z'], 'keys.sceneRedo'],
    [['R'], 'keys.sceneReset'],
    [[',', '.'], 'keys.sceneBeside'],
    [['Esc'], 'keys.sceneContents'],
  ],
};
