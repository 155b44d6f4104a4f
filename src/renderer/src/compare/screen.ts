import { compareCommand, diffCommand } from '../../../shared/command-line';
import { MessageError, say } from '../../../words';
import type { ScreenDefinition } from '../state/screens';
import Compare from './Compare.svelte';
import { comparison } from './choice.svelte';
import { compareLink } from './link';
import ScreenIcon from './ScreenIcon.svelte';

export const compareScreen: ScreenDefinition = {
  Component: Compare,
  Icon: ScreenIcon,
  link: compareLink,
  command({ session, runs, setup }) {
    const contenders = comparison.contenders(runs);
    if (contenders.length < 2 || !session.info) throw new MessageError(say('command.nothing'));
    const [first] = contenders;
    const values = comparison.view === 'values';
    if (values && comparison.random) return diffCommand(contenders, null, session.info.folders);
    const known = setup.list.known?.find(({ id }) => id === comparison.data);
    const data = known ?? (comparison.data === null && first.kind === 'run' ? runs.get(first.id)?.data : null);
    if (values) {
      const source = data ? (data.path ?? data.id) : `${session.info.folders.resources}/samples`;
      return diffCommand(contenders, source, session.info.folders);
    }
    if (!data) throw new MessageError(say('command.no-data'));
    return compareCommand(contenders, data.path ?? data.id, session.info.folders);
  },
  keys: [
    [['←', '→'], 'keys.chart'],
    [['+', '−', 'Esc'], 'keys.chartZoom'],
    [['keys.drag'], 'keys.chartDrag'],
  ],
};
