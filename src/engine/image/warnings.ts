import { say, type Message } from '../../words';
import type { Pixels } from './pixels';

/** Values that lie this close together cannot be told apart by eye, of 255. */
const FLAT = 3;

/**
 * Warnings about a picture that opens but shows nothing: one color, nearly one, or strokes of the background's own
 * color.
 * @param decoded with its transparency. @param flat the same, flattened on `background`.
 */
export function warningsOf(decoded: Pixels, flat: Pixels, background: string): Message[] {
  const ranges = [0, 1, 2].map((channel) => rangeWithin(flat, channel));
  if (ranges.some((range) => range === null)) return [];
  const alpha = decoded.channels === 4 ? alphaOf(decoded) : 'solid';
  if (alpha === 'clear') return [say('image.warn.transparent', { background })];
  if (alpha === 'varies') return [say('image.warn.hidden', { background })];
  const [least, most] = [Math.min(...ranges.map((r) => r!.least)), Math.max(...ranges.map((r) => r!.most))];
  if (ranges.some((range) => range!.least < range!.most)) return [say('image.warn.flat', { least, most })];
  const color = `#${ranges.map((range) => range!.least.toString(16).padStart(2, '0')).join('')}`;
  return [say('image.warn.blank', { color })];
}

/** The range of a channel, or null where it is wider than `FLAT`: found early in most pictures. */
function rangeWithin({ data }: Pixels, channel: number): { least: number; most: number } | null {
  let [least, most] = [255, 0];
  for (let i = channel; i < data.length; i += 3) {
    if (data[i] < least) least = data[i];
    if (data[i] > most) most = data[i];
    if (most - least > FLAT) return null;
  }
  return { least, most };
}

function alphaOf({ data }: Pixels): 'solid' | 'clear' | 'varies' {
  let [least, most] = [255, 0];
  for (let i = 3; i < data.length; i += 4) {
    if (data[i] < least) least = data[i];
    if (data[i] > most) most = data[i];
  }
  return least === 255 ? 'solid' : most === 0 ? 'clear' : most - least > FLAT ? 'varies' : 'solid';
}

/** Whether a picture has colors that a gray network does not see: if at least one pixel in a hundred is clearly not gray. */
export function isColored({ data }: Pixels): boolean {
  let colored = 0;
  const most = data.length / 3 / 100;
  for (let i = 0; i < data.length && colored <= most; i += 3) {
    const [r, g, b] = [data[i], data[i + 1], data[i + 2]];
    if (Math.max(r, g, b) - Math.min(r, g, b) > 32) colored++;
  }
  return colored > most;
}
