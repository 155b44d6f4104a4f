import { inspectCommand } from '../../../shared/command-line';
import { MessageError, say } from '../../../words';
import { networkName } from '../i18n/names';
import type { ScreenDefinition } from '../state/screens';
import InspectScreen from './InspectScreen.svelte';
import { inspectLink } from './link';
import ScreenIcon from './ScreenIcon.svelte';

export const inspectScreen: ScreenDefinition = {
  Component: InspectScreen,
  Icon: ScreenIcon,
  link: inspectLink,
  keys: [
    [['↑', '↓'], 'keys.map'],
    [['←', '→'], 'keys.layer'],
    [['Enter'], 'keys.deeper'],
    [['Esc'], 'keys.up'],
    [['↑', '↓', '←', '→'], 'keys.unit'],
    [['Shift', '↑', '↓', '←', '→'], 'keys.mapLayer'],
    [['[', ']'], 'keys.input'],
    [['K'], 'keys.walk'],
    [['J', 'L'], 'keys.walkStep'],
    [['E'], 'keys.explain'],
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
  command({ session: { source, model, image, options, info } }) {
    if (!source || !model || !image || !info) throw new MessageError(say('link.no-network'));
    return inspectCommand({ source, model, image, options }, info.folders);
  },
  title: ({ model }) => model && networkName(model),
};
