import type { Part } from '../data/dataset';
import type { Preprocessing } from '../model/model';
import { Generator, stream } from '../random';
import { augment, type Augmentation, type Ground } from './augmentation';

/** The order in which an epoch goes through a part: a function of (seed, epoch) alone. */
export function epochOrder(part: Part, seed: number, epoch: number): Int32Array {
  return new Generator(seed, stream.shuffle, epoch).shuffle(part.samples.slice());
}

/** Steps of an epoch. A last batch of a single picture is left out: batch norm has no variance of one. */
export function stepsPerEpoch(count: number, batch: number): number {
  const whole = Math.floor(count / batch);
  const rest = count % batch;
  return whole + (rest > 1 || whole === 0 ? 1 : 0);
}

type Normalisation = Pick<Preprocessing, 'scale' | 'mean' | 'deviation'>;

/** Turns pictures into what the network takes: `[n, H, W, C]` float32, (pixel × scale − mean[c]) ÷ deviation[c]. */
export class Batcher {
  private readonly table: Float32Array;
  private readonly size: number;
  private readonly varied: Float32Array;

  constructor(
    private readonly part: Part,
    private readonly normalisation: Normalisation,
  ) {
    const { height, width, channels } = part.images;
    this.size = height * width * channels;
    this.varied = new Float32Array(this.size);
    this.table = new Float32Array(256 * channels);
    for (let value = 0; value < 256; value++) {
      for (let c = 0; c < channels; c++) this.table[value * channels + c] = this.normalise(value, c);
    }
  }

  private normalise(value: number, channel: number): number {
    const { scale, mean, deviation } = this.normalisation;
    return (value * scale - mean[channel]) / deviation[channel];
  }

  /** Writes the pictures `samples` and their classes to the front of `input` and `labels`. */
  fill(samples: Int32Array, input: Float32Array, labels: Int32Array): void {
    const { pixels, channels, labels: classes } = this.part.images;
    const { size, table } = this;
    for (let i = 0, to = 0; i < samples.length; i++) {
      labels[i] = classes[samples[i]];
      const end = (samples[i] + 1) * size;
      for (let from = samples[i] * size; from < end; from += channels) {
        for (let c = 0; c < channels; c++) input[to++] = table[pixels[from + c] * channels + c];
      }
    }
  }

  /** As `fill`, each picture varied by (seed, epoch, its index). */
  fillAugmented(
    samples: Int32Array,
    input: Float32Array,
    labels: Int32Array,
    settings: Augmentation,
    ground: Ground,
    seed: number,
    epoch: number,
  ): void {
    const { pixels, channels, labels: classes } = this.part.images;
    const { size, varied } = this;
    const scale = this.normalisation.deviation.map((deviation) => this.normalisation.scale / deviation);
    const offset = this.normalisation.mean.map((mean, c) => mean / this.normalisation.deviation[c]);
    for (let i = 0, to = 0; i < samples.length; i++) {
      labels[i] = classes[samples[i]];
      const first = samples[i] * size;
      augment(
        settings,
        pixels.subarray(first, first + size),
        this.part.images,
        ground,
        seed,
        epoch,
        samples[i],
        varied,
      );
      for (let from = 0; from < size; from += channels) {
        for (let c = 0; c < channels; c++) input[to++] = varied[from + c] * scale[c] - offset[c];
      }
    }
  }
}
