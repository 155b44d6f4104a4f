/** Pictures with their classes, decoded once to the network's input size and kept as bytes. */
export interface ImageSet {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** `[count, height, width, channels]`, sRGB values 0 … 255; empty where there are `features`. */
  readonly pixels: Uint8Array;
  /** In place of pixels what another network made of them, which goes in as it is: `[count, height, width, channels]`. */
  readonly features?: Float32Array;
  /** Class of each picture, an index into the data set's labels. */
  readonly labels: Int32Array;
  /** What each picture is drawn on, letterbox bars aside (./ground). Absent for color pictures, or when not determined. */
  readonly grounds?: Uint8Array;
  /** 1 for each picture with colors that a gray network does not see. Absent for color networks, or when not determined. */
  readonly colored?: Uint8Array;
  /** Height and width of each picture before it was fitted, `[count, 2]`; absent where that is the set's own. */
  readonly sizes?: Int32Array;
}

/** Some of the pictures of a set, by index: a split costs no copy of the pixels. */
export interface Split {
  readonly images: ImageSet;
  readonly samples: Int32Array;
}

/** What a network learns from: the test split is looked at once, when everything is decided. */
export interface DataSet {
  readonly labels: readonly string[];
  readonly train: Split;
  readonly validation: Split | null;
  readonly test: Split | null;
}

/** Every picture of a set. */
export function wholeSplit(images: ImageSet): Split {
  return { images, samples: Int32Array.from({ length: images.count }, (_, i) => i) };
}

/** How many pictures of each class a split holds, `[classes]`. */
export function classCounts(split: Split, classes: number): Int32Array {
  const counts = new Int32Array(classes);
  for (const sample of split.samples) counts[split.images.labels[sample]]++;
  return counts;
}
