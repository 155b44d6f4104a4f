import type { Split } from '../data/dataset';
import { normalizationTable, normalize } from '../data/normalization';
import type { Preprocessing } from '../model/model';
import { Generator, stream } from '../random';
import { augment, type Augmentation, type Ground } from './augmentation';
import { shiftPicture } from './expansion';

/** The order of the samples in an epoch: a function of (seed, epoch) alone. */
export function epochOrder(samples: Int32Array, seed: number, epoch: number): Int32Array {
  return new Generator(seed, stream.shuffle, epoch).shuffle(samples.slice());
}

/** Steps of an epoch. A last batch of a single picture is left out, because batch norm has no variance of one value. */
export function stepsPerEpoch(count: number, batch: number): number {
  const whole = Math.floor(count / batch);
  const rest = count % batch;
  return whole + (rest > 1 || whole === 0 ? 1 : 0);
}

type Normalisation = Pick<Preprocessing, 'scale' | 'mean' | 'deviation' | 'ground'>;

/**
 * Turns pictures into what the network takes: `[n, H, W, C]` float32, (pixel × scale − mean[c]) ÷ deviation[c]. Samples may be
 * those of an expanded split (./expansion).
 */
export class Batcher {
  private readonly table: Float32Array;
  private readonly size: number;
  private readonly shifted: Uint8Array;
  private readonly varied: Float32Array;
  private readonly ground: Ground;

  constructor(
    private readonly split: Split,
    private readonly normalisation: Normalisation,
  ) {
    const { height, width, channels } = split.images;
    this.size = height * width * channels;
    this.shifted = new Uint8Array(this.size);
    this.varied = new Float32Array(this.size);
    this.ground = groundFor(normalisation);
    this.table = normalizationTable(normalisation);
  }

  /** Writes the pictures `samples` and their classes to the front of `input` and `labels`. */
  fill(samples: Int32Array, input: Float32Array, labels: Int32Array): void {
    const { size, table } = this;
    for (let i = 0; i < samples.length; i++) {
      labels[i] = this.labelOf(samples[i]);
      normalize(this.pixelsOf(samples[i]), table, input.subarray(i * size, (i + 1) * size));
    }
  }

  /** As `fill`, each picture varied by (seed, epoch, its sample). */
  fillAugmented(
    samples: Int32Array,
    input: Float32Array,
    labels: Int32Array,
    settings: Augmentation,
    seed: number,
    epoch: number,
  ): void {
    const { images } = this.split;
    const { channels } = images;
    const { size, varied, ground } = this;
    const scale = this.normalisation.deviation.map((deviation) => this.normalisation.scale / deviation);
    const offset = this.normalisation.mean.map((mean, c) => mean / this.normalisation.deviation[c]);
    for (let i = 0, to = 0; i < samples.length; i++) {
      labels[i] = this.labelOf(samples[i]);
      augment(settings, this.pixelsOf(samples[i]), images, ground, seed, epoch, samples[i], varied);
      for (let from = 0; from < size; from += channels) {
        for (let c = 0; c < channels; c++) input[to++] = varied[from + c] * scale[c] - offset[c];
      }
    }
  }

  private labelOf(sample: number): number {
    const { labels, count } = this.split.images;
    return labels[sample % count];
  }

  /** `[H, W, C]`. The array of a shifted picture is valid until the next call. */
  private pixelsOf(sample: number): Uint8Array {
    const { images } = this.split;
    const first = (sample % images.count) * this.size;
    const pixels = images.pixels.subarray(first, first + this.size);
    const variant = Math.floor(sample / images.count);
    if (variant === 0) return pixels;
    shiftPicture(variant, pixels, images, this.ground, this.shifted);
    return this.shifted;
  }
}

/** What fills the gap beside a picture that was moved: the data's usual ground, or the picture's own edge if there is none. */
function groundFor({ ground }: Pick<Preprocessing, 'ground'>): Ground {
  return ground === 'mixed' ? 'edge' : ground === 'dark' ? 0 : 255;
}
