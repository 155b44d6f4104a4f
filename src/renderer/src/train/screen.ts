import { optionsOf } from '../../../core/train/settings';
import { trainCommand } from '../../../shared/command-line';
import { MessageError, say } from '../../../words';
import type { ScreenDefinition } from '../state/screens';
import { trainLink } from './link';
import ScreenIcon from './ScreenIcon.svelte';
import Train from './Train.svelte';

export const trainScreen: ScreenDefinition = {
  Component: Train,
  Icon: ScreenIcon,
  link: trainLink,
  command({ runs }) {
    if (!runs.shown) throw new MessageError(say('command.nothing'));
    return trainCommand(runs.shown, optionsOf(runs.shown.settings));
  },
  keys: [
    [['N'], 'keys.newRun'],
    [['P'], 'keys.pause'],
    [['S'], 'keys.stop'],
    [['1', '2', '3'], 'keys.runViews'],
    [['I'], 'keys.runInspect'],
    [['C'], 'keys.runCompare'],
    [['E'], 'keys.runExport'],
    [['F2'], 'keys.runRename'],
    [['↑', '↓'], 'keys.runList'],
    [['Delete'], 'keys.runRemove'],
    [['←', '→'], 'keys.chart'],
    [['+', '−', 'Esc'], 'keys.chartZoom'],
    [['keys.drag'], 'keys.chartDrag'],
  ],
};
