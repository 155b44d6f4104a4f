import { say } from '../../../words';
import type { Reading } from '../bytes';
import { dataFailure } from '../failure';
import { idxShape, readIdx, readIdxLabels } from './idx-file';
import type { RawSet } from '../raw';

/**
 * Reads the images and the labels of an idx pair. Their headers are held against each other before either is read whole.
 * @param transposed whether each picture stands in its file column by column, as EMNIST's do; it is turned upright.
 * @throws FailureError where they do not belong together, or are no pictures and labels.
 */
export async function readPair(
  imagesPath: string,
  labelsPath: string,
  transposed: boolean,
  reading: Reading,
): Promise<RawSet> {
  const shape = await idxShape(imagesPath, 'pixels', reading);
  const found = await idxShape(labelsPath, 'labels', reading);
  if (shape.length !== 3 && !(shape.length === 4 && (shape[3] === 1 || shape[3] === 3)))
    throw dataFailure(imagesPath, say('data.idx.images', { shape: shape.join(', ') }));
  const [count, height, width, channels = 1] = shape;
  if (height * width === 0) throw dataFailure(imagesPath, say('data.idx.empty', { shape: shape.join(', ') }));
  if (found.length !== 1) throw dataFailure(labelsPath, say('data.idx.labels', { shape: found.join(', ') }));
  if (found[0] !== count)
    throw dataFailure(labelsPath, say('data.idx.count', { labels: found[0], file: imagesPath, images: count }));
  const labels = await readIdxLabels(labelsPath, reading);
  const images = await readIdx(imagesPath, reading);
  // Another file may have taken its place since.
  if (String(images.shape) !== String(shape) || labels.length !== count)
    throw dataFailure(imagesPath, say('data.changed'));
  const set = { count, height, width, channels, pixels: images.data, labels };
  return transposed ? upright(set) : set;
}

/** Each picture with rows for columns. */
function upright({ count, height, width, channels, pixels, labels }: RawSet): RawSet {
  const turned = new Uint8Array(pixels.length);
  let from = 0;
  for (let i = 0; i < count; i++) {
    const image = i * height * width;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++) turned[(image + x * height + y) * channels + c] = pixels[from++];
  }
  return { count, height: width, width: height, channels, pixels: turned, labels };
}
