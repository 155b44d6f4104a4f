import type { ScreenDefinition } from '../state/screens';
import ScreenIcon from './ScreenIcon.svelte';
import Train from './Train.svelte';

export const trainScreen: ScreenDefinition = {
  Component: Train,
  Icon: ScreenIcon,
  keys: [
    [['N'], 'keys.newRun'],
    [['P'], 'keys.pause'],
    [['S'], 'keys.stop'],
    [['1', '2', '3'], 'keys.runViews'],
    [['I'], 'keys.runInspect'],
    [['C'], 'keys.runCompare'],
    [['E'], 'keys.runExport'],
    [['↑', '↓'], 'keys.runList'],
    [['Delete'], 'keys.runRemove'],
    [['←', '→'], 'keys.chart'],
    [['+', '−', 'Esc'], 'keys.chartZoom'],
    [['keys.drag'], 'keys.chartDrag'],
  ],
};
