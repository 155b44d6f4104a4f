import { networkName } from '../i18n/names';
import type { ScreenDefinition } from '../state/screens';
import InspectScreen from './InspectScreen.svelte';
import ScreenIcon from './ScreenIcon.svelte';

export const inspectScreen: ScreenDefinition = {
  Component: InspectScreen,
  Icon: ScreenIcon,
  keys: [
    [['↑', '↓'], 'keys.map'],
    [['←', '→'], 'keys.layer'],
    [['Enter'], 'keys.deeper'],
    [['Esc'], 'keys.up'],
    [['↑', '↓', '←', '→'], 'keys.unit'],
    [['Shift', '↑', '↓', '←', '→'], 'keys.mapLayer'],
    [['[', ']'], 'keys.input'],
    [['S'], 'keys.scope'],
    [['/'], 'keys.find'],
    [[',', '.'], 'keys.sample'],
    [['Ctrl', 'V'], 'keys.paste'],
    [['+', '−', '0'], 'keys.zoom'],
    [['P'], 'keys.save'],
    [['N'], 'keys.npy'],
    [['Ctrl', 'keys.wheel'], 'zoom.title'],
    [['keys.drag'], 'keys.pan'],
  ],
  title: ({ model }) => model && networkName(model),
};
