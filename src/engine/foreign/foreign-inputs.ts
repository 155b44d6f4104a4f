import type { Preprocessing } from '../../core/model/model';
import type { InputOptions, PictureInput } from '../../shared/inputs';
import { say } from '../../words';
import type { Decoder } from '../image/decoder';
import type { ImageInput } from '../image/prepare';
import type { PreparedInputs } from '../inspect/prepared-inputs';
import { axesOf, type ForeignNetwork } from './foreign-network';
import { filled, pictureTensor } from './inputs';

/** What the picture becomes where no input takes one: it is shown, and goes nowhere. */
const ASIDE: PictureInput = {
  height: 224,
  width: 224,
  layout: 'NCHW',
  color: 'rgb',
  scale: 1 / 255,
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
};

/** How a network of others has a picture made ready, in our own terms. @param guess what was guessed, where one chose otherwise. */
export function preprocessingFor(picture: PictureInput | null, guess = picture): Preprocessing {
  const { height, width, color, scale, mean, deviation } = picture ?? ASIDE;
  return {
    colour: color === 'gray' ? 'grey' : 'rgb',
    height,
    width,
    // ImageNet's pictures are cut to a square, those of other data have the network's proportions anyway.
    fit: guess?.deviation.some((each) => each !== 1) ? 'crop' : 'stretch',
    resize: 'cubic',
    scale,
    mean: [...mean],
    deviation: [...deviation],
    ground: 'mixed',
  };
}

/** Prepares a picture for the input that takes one; all others are filled with zeros. @throws FailureError as `prepare`. */
export async function foreignInputs(
  network: ForeignNetwork,
  decoder: Decoder,
  image: ImageInput,
  name: string,
  options: Partial<InputOptions>,
): Promise<PreparedInputs> {
  const { picture, runner } = network;
  const chosen = picture && (options.picture ?? picture.guess);
  const prepared = await decoder.prepare(image, name, preprocessingFor(chosen, picture?.guess), options);
  const inputs = runner.inputs.map((info, i) =>
    chosen && picture.input === -1 - i
      ? pictureTensor(prepared.input, chosen, info, axesOf)
      : filled(info, axesOf).tensor,
  );
  // A size, color or layout that the network cannot take is refused before anything is computed.
  runner.sizesOf(new Map(inputs.map((input, i) => [network.inputs[i].name, input])));
  return {
    prepared: { ...prepared, options: { ...prepared.options, ...(options.picture && { picture: options.picture }) } },
    inputs,
    normalized: [...inputs[picture ? -1 - picture.input : 0].shape],
    warnings: picture ? prepared.warnings : [say('guess.no-picture')],
  };
}
