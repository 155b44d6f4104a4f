import type { KeyPress } from '../inspect/keys';

export type TrainCommand =
  'new' | 'rename' | 'pauseOrGoOn' | 'stop' | 'curves' | 'results' | 'details' | 'inspect' | 'compare' | 'export';

const commands: Record<string, TrainCommand> = {
  n: 'new',
  p: 'pauseOrGoOn',
  s: 'stop',
  i: 'inspect',
  c: 'compare',
  e: 'export',
  f2: 'rename',
  '1': 'curves',
  '2': 'results',
  '3': 'details',
};

/** The keys of the Train screen. Null for a key that is not ours. */
export function trainCommandOf(press: KeyPress): TrainCommand | null {
  if (press.altKey || press.metaKey || press.ctrlKey) return null;
  return commands[press.key.toLowerCase()] ?? null;
}
