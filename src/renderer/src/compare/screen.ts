import type { ScreenDefinition } from '../state/screens';
import Compare from './Compare.svelte';
import ScreenIcon from './ScreenIcon.svelte';

export const compareScreen: ScreenDefinition = {
  Component: Compare,
  Icon: ScreenIcon,
  keys: [
    [['←', '→'], 'keys.chart'],
    [['+', '−', 'Esc'], 'keys.chartZoom'],
    [['keys.drag'], 'keys.chartDrag'],
  ],
};
