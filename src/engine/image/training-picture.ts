import type { Scales } from '../../core/model/model';
import { ground, lookAt, type Look } from '../../core/data/ground';
import { say, type Message } from '../../words';
import type { Scale } from './decode';
import { fitContent, frame, type FitSettings } from './fit';
import { toChannels } from './input';
import { flatten, type Pixels } from './pixels';
import { isColored, warningsOf } from './warnings';

/** A network's input: its size and how pictures are fitted to it. */
export interface Target extends FitSettings {
  /** The least scale of each kind of samples that are no bytes, where the network learned on one. */
  scales?: Scales;
  /** 1 (gray) or 3 (RGB). */
  channels: number;
}

/** A picture as training and evaluation take it. */
export interface TrainingPicture {
  /** `[H, W, C]` bytes. */
  row: Uint8Array;
  /** The ground it is drawn on, a byte of `ground`; `unclear` for colors. */
  ground: number;
  /** Its height and width, upright, before it was fitted. */
  size: [height: number, width: number];
  /** Notes about it for the user. */
  remarks: Message[];
  /** See `Decoded`; null for bytes. */
  scale: Scale | null;
  /** Of the file, upright. */
  width: number;
  height: number;
}

/** Transparency lets white through, and a letterbox's bars are black. */
const WHITE = [255, 255, 255] as const;
const BLACK = [0, 0, 0] as const;

/** Brings a picture to the network's size and channels, in the steps of `prepare` in ./prepare. */
export async function trainingPicture(
  pixels: Pixels,
  target: Target,
): Promise<Omit<TrainingPicture, 'scale' | 'width' | 'height'>> {
  const { channels } = target;
  const flat = flatten(pixels, WHITE);
  const fitted = await fitContent(flat, target);
  const { content } = fitted;
  const colored = channels === 1 && pixels.channels !== 1 && isColored(content);
  return {
    row: toChannels(frame(fitted, target, BLACK).data, 3, channels),
    ground: channels === 1 ? lookOf(content).ground : ground.unclear,
    size: [flat.height, flat.width],
    remarks: [...warningsOf(pixels, flat, '#ffffff'), ...(colored ? [say('image.warn.colorDropped')] : [])],
  };
}

/** Of RGB pixels without bars. A picture with colors is seldom a drawing, often a photograph with a sky: its ground is unclear. */
export function lookOf(pixels: Pixels): Look {
  const { data, width, height } = pixels;
  const look = lookAt(toChannels(data, 3, 1), width, { top: 0, left: 0, width, height });
  return isColored(pixels) ? { ...look, ground: ground.unclear } : look;
}
