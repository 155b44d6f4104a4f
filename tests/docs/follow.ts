/**
 * docs/onnx-metadata.md, "From a picture to the answer", followed by the letter: steps 4 to 8 on RGB or RGBA bytes. Nothing here comes
 * from the product's own code, and nothing from libvips.
 */

export interface Picture {
  height: number;
  width: number;
  channels: number;
  data: ArrayLike<number>;
}

export type Kernel = 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3';

export interface Settings {
  colour: 'grey' | 'rgb';
  height: number;
  width: number;
  fit: 'stretch' | 'crop' | 'letterbox';
  resize: Kernel;
}

const half = (value: number): number => Math.floor(value + 0.5);
const byte = (value: number): number => Math.min(255, Math.max(0, half(value)));
const within = (value: number, most: number): number => Math.min(most, Math.max(1, value));

/** Step 4: on white. */
function flattened({ height, width, channels, data }: Picture): Picture {
  const rgb: number[] = [];
  for (let i = 0; i < height * width; i++) {
    const alpha = channels === 4 ? data[4 * i + 3] : 255;
    for (let c = 0; c < 3; c++) rgb.push(half((alpha * data[channels * i + c] + (255 - alpha) * 255) / 255));
  }
  return { height, width, channels: 3, data: rgb };
}

function cubic(x: number, b: number, c: number): number {
  if (x < 1) return ((12 - 9 * b - 6 * c) * x ** 3 + (-18 + 12 * b + 6 * c) * x ** 2 + 6 - 2 * b) / 6;
  if (x < 2) return ((-b - 6 * c) * x ** 3 + (6 * b + 30 * c) * x ** 2 + (-12 * b - 48 * c) * x + 8 * b + 24 * c) / 6;
  return 0;
}
const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const lanczos = (x: number, lobes: number): number => (x < lobes ? sinc(x) * sinc(x / lobes) : 0);

const kernels: Record<Kernel, { reach: number; at(x: number): number }> = {
  linear: { reach: 1, at: (x) => Math.max(0, 1 - x) },
  cubic: { reach: 2, at: (x) => cubic(x, 0, 0.5) },
  mitchell: { reach: 2, at: (x) => cubic(x, 1 / 3, 1 / 3) },
  lanczos2: { reach: 2, at: (x) => lanczos(x, 2) },
  lanczos3: { reach: 3, at: (x) => lanczos(x, 3) },
};

/** Which old pixels, and how much of each, one new pixel of an axis is made of. */
type Weights = [from: number, weight: number][];

function around(middle: number, stretch: number, size: number, kernel: Kernel): Weights {
  const { reach, at } = kernels[kernel];
  const weights: Weights = [];
  for (let i = Math.floor(middle - reach * stretch); i <= Math.ceil(middle + reach * stretch); i++) {
    weights.push([Math.min(size - 1, Math.max(0, i)), at(Math.abs(i - middle) / stretch)]);
  }
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  return weights.map(([from, weight]) => [from, weight / sum]);
}

function weighted(picture: Picture, rows: Weights[], columns: Weights[]): Picture {
  const { width, channels, data } = picture;
  const out: number[] = [];
  for (const row of rows)
    for (const column of columns)
      for (let c = 0; c < channels; c++) {
        let value = 0;
        for (const [y, a] of row) for (const [x, b] of column) value += a * b * data[(y * width + x) * channels + c];
        out.push(byte(value));
      }
  return { height: rows.length, width: columns.length, channels, data: out };
}

const each = (size: number, weights: (place: number) => Weights): Weights[] =>
  Array.from({ length: size }, (_, place) => weights(place));
const same = (size: number): Weights[] => each(size, (place) => [[place, 1]]);

function shrunk(picture: Picture, axis: 'height' | 'width', size: number, kernel: Kernel): Picture {
  const apply = (from: Picture, weights: Weights[]): Picture =>
    axis === 'height' ? weighted(from, weights, same(from.width)) : weighted(from, same(from.height), weights);
  let ratio = picture[axis] / size;
  const together = Math.floor(ratio / 2);
  let old = picture;
  if (together > 1) {
    const last = picture[axis] - 1;
    const means = each(Math.ceil(picture[axis] / together), (place) =>
      Array.from({ length: together }, (_, i) => [Math.min(last, place * together + i), 1 / together]),
    );
    old = apply(picture, means);
    ratio /= together;
  }
  return apply(
    old,
    each(size, (place) => around((place + 0.5) * ratio - 0.5, ratio, old[axis], kernel)),
  );
}

function resized(picture: Picture, height: number, width: number, kernel: Kernel): Picture {
  let result = picture;
  if (height < picture.height) result = shrunk(result, 'height', height, kernel);
  if (width < picture.width) result = shrunk(result, 'width', width, kernel);
  if (height <= picture.height && width <= picture.width) return result;
  const growing = (axis: 'height' | 'width', size: number): Weights[] =>
    each(size, (place) =>
      around((place * result[axis]) / size - 0.5, 1, result[axis], kernel === 'linear' ? kernel : 'cubic'),
    );
  return weighted(result, growing('height', height), growing('width', width));
}

/** Step 5. */
function fitted(picture: Picture, { height, width, fit, resize }: Settings): Picture {
  if (fit === 'stretch') return resized(picture, height, width, resize);
  if (fit === 'crop') {
    const columns = within(half((picture.height * width) / height), picture.width);
    const rows = within(half((picture.width * height) / width), picture.height);
    const left = Math.floor((picture.width - columns) / 2);
    const top = Math.floor((picture.height - rows) / 2);
    const part = weighted(
      picture,
      same(picture.height).slice(top, top + rows),
      same(picture.width).slice(left, left + columns),
    );
    return resized(part, height, width, resize);
  }
  const scale = Math.min(width / picture.width, height / picture.height);
  const rows = within(half(picture.height * scale), height);
  const columns = within(half(picture.width * scale), width);
  const inside = resized(picture, rows, columns, resize);
  const data = new Array<number>(height * width * 3).fill(0);
  const [top, left] = [Math.floor((height - rows) / 2), Math.floor((width - columns) / 2)];
  for (let y = 0; y < rows; y++)
    for (let i = 0; i < columns * 3; i++) data[((top + y) * width + left) * 3 + i] = inside.data[y * columns * 3 + i];
  return { height, width, channels: 3, data };
}

/** Steps 4 to 6: the bytes that are normalized, `[H, W, C]`. */
export function follow(picture: Picture, settings: Settings): number[] {
  const { data } = fitted(flattened(picture), settings);
  if (settings.colour === 'rgb') return Array.from(data);
  return Array.from({ length: data.length / 3 }, (_, i) =>
    half((299 * data[3 * i] + 587 * data[3 * i + 1] + 114 * data[3 * i + 2]) / 1000),
  );
}
