import type { Split } from '../data/dataset';
import type { Inversions } from '../data/inversion';
import { normalizationTable, normalize } from '../data/normalization';
import type { Preprocessing } from '../model/model';
import { Generator, stream } from '../random';
import type { Mixed } from './class-loss';
import { augment, type Augmentation, type Ground } from './augmentation';
import { shiftPicture } from './expansion';
import { drawMixing, mixInto } from './mixing';

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

type Normalization = Pick<Preprocessing, 'scale' | 'mean' | 'deviation' | 'ground'>;

/**
 * Turns pictures into what the network takes: `[n, H, W, C]` float32, (pixel × scale − mean[c]) ÷ deviation[c]. Samples may be
 * those of an expanded split (./expansion); such a split has no inversions, which training does not know.
 */
export class Batcher {
  private readonly table: Float32Array;
  private readonly size: number;
  private readonly shifted: Uint8Array;
  private readonly varied: Float32Array;
  private readonly other: Float32Array;
  private readonly ground: Ground;

  constructor(
    private readonly split: Split,
    private readonly normalization: Normalization,
    private readonly inversions: Inversions | null = null,
  ) {
    const { height, width, channels } = split.images;
    this.size = height * width * channels;
    this.shifted = new Uint8Array(this.size);
    this.varied = new Float32Array(this.size);
    this.other = new Float32Array(this.size);
    this.ground = groundFor(normalization);
    this.table = normalizationTable(normalization);
  }

  /** Writes the pictures `samples` and their classes to the front of `input` and `labels`. */
  fill(samples: Int32Array, input: Float32Array, labels: Int32Array): void {
    const { size, table } = this;
    const { features } = this.split.images;
    for (let i = 0; i < samples.length; i++) {
      labels[i] = this.labelOf(samples[i]);
      if (features) {
        input.set(features.subarray(samples[i] * size, (samples[i] + 1) * size), i * size);
        continue;
      }
      const pixels = this.pixelsOf(samples[i]);
      const seen = this.inversions?.seen(samples[i], pixels) ?? pixels;
      normalize(seen, table, input.subarray(i * size, (i + 1) * size));
    }
  }

  /**
   * As `fill`, each picture varied by (seed, epoch, its sample).
   * @param mixed where the pictures are mixed with others: gets the others' classes, and the shares.
   * @param all the samples of the epoch, in any order that does not change: those to mix with.
   */
  fillAugmented(
    samples: Int32Array,
    input: Float32Array,
    labels: Int32Array,
    settings: Augmentation,
    seed: number,
    epoch: number,
    mixed: Mixed | null = null,
    all: Int32Array = samples,
  ): void {
    const { images } = this.split;
    const { channels } = images;
    const { size, varied, other, ground } = this;
    const scale = this.normalization.deviation.map((deviation) => this.normalization.scale / deviation);
    const offset = this.normalization.mean.map((mean, c) => mean / this.normalization.deviation[c]);
    for (let i = 0, to = 0; i < samples.length; i++) {
      labels[i] = this.labelOf(samples[i]);
      augment(settings, this.pixelsOf(samples[i]), images, ground, seed, epoch, samples[i], varied);
      if (mixed) {
        const mixing = drawMixing(settings, images, all.length, seed, epoch, samples[i]);
        const partner = all[mixing.partner];
        augment(settings, this.pixelsOf(partner), images, ground, seed, epoch, partner, other);
        mixInto(varied, other, images, mixing);
        mixed.others[i] = this.labelOf(partner);
        mixed.shares[i] = mixing.share;
      }
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
