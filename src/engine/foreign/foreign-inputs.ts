import type { Preprocessing } from '../../core/model/model';
import type { InputOptions, PictureInput } from '../../shared/inputs';
import { say } from '../../words';
import type { Decoder } from '../image/decoder';
import type { ImageInput } from '../image/prepare';
import { likenessTo, type PreparedInputs } from '../inspect/prepared-inputs';
import { axesOf, type ForeignNetwork } from './foreign-network';
import type { Tensor } from '../inspect/tensor';
import { nothing } from './graph-only';
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

/**
 * How a picture is prepared for a foreign network, in our own terms.
 * @param guess what was guessed, where one chose otherwise. @param told what the file itself says, where it does.
 */
export function preprocessingFor(
  picture: PictureInput | null,
  guess = picture,
  told: Preprocessing | null = null,
): Preprocessing {
  const { height, width, color, scale, mean, deviation } = picture ?? ASIDE;
  return {
    // ImageNet's pictures are cut to a square, those of other data have the network's proportions anyway.
    fit: guess?.deviation.some((each) => each !== 1) ? 'crop' : 'stretch',
    resize: 'cubic',
    ground: 'mixed',
    ...told,
    colour: color === 'gray' ? 'grey' : 'rgb',
    height,
    width,
    scale,
    mean: [...mean],
    deviation: [...deviation],
  };
}

/**
 * Every input of a network, in order: the one that takes a picture gets it, the others zeros.
 * @param pixels `[H, W, C]` of `picture`, normalized.
 */
export function inputsFor(network: ForeignNetwork, picture: PictureInput | null, pixels: Float32Array): Tensor[] {
  const { runner, picture: place } = network;
  return runner.inputs.map((info, i): Tensor => {
    if (picture && place?.input === -1 - i) return pictureTensor(pixels, picture, info, axesOf);
    if (runner.refused) return { ...nothing(info), strides: [1], axes: ['other'] };
    return filled(info, axesOf).tensor;
  });
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
  const preprocessing = preprocessingFor(chosen, picture?.guess, network.told?.preprocessing);
  const prepared = await decoder.prepare(image, name, preprocessing, options);
  const inputs = inputsFor(network, chosen, prepared.input);
  // A size, color or layout that the network cannot take is refused before anything is computed.
  runner.sizesOf(new Map(inputs.map((input, i) => [network.inputs[i].name, input])));
  return {
    prepared: { ...prepared, options: { ...prepared.options, ...(options.picture && { picture: options.picture }) } },
    inputs,
    normalized: [...(inputs.at(picture ? -1 - picture.input : 0)?.shape ?? [])],
    // What was learned from is known as the file itself has pictures prepared.
    likeness: network.told && chosen === picture?.guess ? likenessTo(network.told, prepared) : null,
    warnings:
      picture || runner.refused
        ? prepared.warnings
        : [say(runner.inputs.length > 0 ? 'guess.no-picture' : 'guess.no-inputs')],
  };
}
