import { PHOTO_BODY } from '../../../../shared/network-inputs';
import type { BundledModelInfo, Inspection, ModelInfo, Picture } from '../../../../shared/protocol';

/** The shorter side, in pixels, below which pictures are rather icons or drawings than photos. */
const PHOTO_SIDE = 96;
/** Steps of 0 … 255 between a pixel's channels from which it has a color, and the share of such pixels in a color picture. */
const STEPS = 24;
const SHARE = 0.05;

/** The pretrained network for photos, where a color photo is shown to a bundled network that knows none; else null. */
export function photoNetworkFor(
  model: Pick<ModelInfo, 'bundled' | 'foreign'> | null,
  inspection: Pick<Inspection, 'input' | 'strip'> | null,
  bundled: readonly BundledModelInfo[],
): BundledModelInfo | null {
  if (!model?.bundled || model.foreign || !inspection) return null;
  const { width, height } = inspection.input;
  if (Math.min(width, height) < PHOTO_SIDE || !isColored(inspection.strip.original)) return null;
  return bundled.find(({ id }) => id === PHOTO_BODY) ?? null;
}

/** Whether a picture has colors, beyond a tint of its gray. */
function isColored({ rgba }: Pick<Picture, 'rgba'>): boolean {
  let colored = 0;
  for (let i = 0; i < rgba.length; i += 4) {
    const [r, g, b] = [rgba[i], rgba[i + 1], rgba[i + 2]];
    if (rgba[i + 3] > 0 && Math.max(r, g, b) - Math.min(r, g, b) >= STEPS) colored++;
  }
  return colored > (SHARE * rgba.length) / 4;
}
