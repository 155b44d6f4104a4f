/**
 * From a decoded picture to the network's input, step by step as Convscope does it (its docs/onnx-metadata.md): fit, gray, inversion,
 * normalization. Pictures are { width, height, data }, data being RGB bytes from left to right and from top to bottom.
 */

const sinc = (x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const lanczos = (a) => (x) => (Math.abs(x) < a ? sinc(x) * sinc(x / a) : 0);
/** The cubic filters of Mitchell and Netravali 1988. */
const cubic = (b, c) => (x) => {
  const d = Math.abs(x);
  if (d < 1) return ((12 - 9 * b - 6 * c) * d ** 3 + (-18 + 12 * b + 6 * c) * d ** 2 + (6 - 2 * b)) / 6;
  if (d < 2) return ((-b - 6 * c) * d ** 3 + (6 * b + 30 * c) * d ** 2 + (-12 * b - 48 * c) * d + 8 * b + 24 * c) / 6;
  return 0;
};
const catmullRom = cubic(0, 0.5);
const KERNELS = {
  linear: { reach: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  cubic: { reach: 2, at: catmullRom },
  mitchell: { reach: 2, at: cubic(1 / 3, 1 / 3) },
  lanczos2: { reach: 2, at: lanczos(2) },
  lanczos3: { reach: 3, at: lanczos(3) },
};

const clamp = (value, most) => Math.min(most, Math.max(0, value));
const byte = (value) => clamp(Math.floor(value + 0.5), 255);
const swapped = ({ width, height, data }) => {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) turned[(x * height + y) * 3 + c] = data[(y * width + x) * 3 + c];
  return { width: height, height: width, data: turned };
};

/** Rows to fewer rows: first means of whole numbers of neighbors, then the filter (libvips's two steps). */
function reduceRows({ width, height, data }, rows, { reach, at }) {
  let ratio = height / rows;
  const whole = Math.floor(ratio / 2);
  const row = width * 3;
  if (whole > 1) {
    const count = Math.ceil(height / whole);
    const means = new Uint8Array(count * row);
    for (let y = 0; y < count; y++)
      for (let i = 0; i < row; i++) {
        let sum = 0;
        for (let k = 0; k < whole; k++) sum += data[Math.min(height - 1, y * whole + k) * row + i];
        means[y * row + i] = byte(sum / whole);
      }
    [data, height] = [means, count];
    ratio /= whole;
  }
  const result = new Uint8Array(rows * row);
  for (let y = 0; y < rows; y++) {
    const middle = (y + 0.5) * ratio - 0.5;
    const first = Math.ceil(middle - reach * ratio);
    const last = Math.floor(middle + reach * ratio);
    const weights = [];
    for (let i = first; i <= last; i++) weights.push(at((i - middle) / ratio));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let i = 0; i < row; i++) {
      let sum = 0;
      weights.forEach((weight, k) => (sum += weight * data[clamp(first + k, height - 1) * row + i]));
      result[y * row + i] = byte(sum / total);
    }
  }
  return { width, height: rows, data: result };
}

/** Interpolated between the four nearest pixels, or the sixteen. */
function enlarge({ width, height, data }, columns, rows, linear) {
  const { reach, at } = linear ? KERNELS.linear : { reach: 2, at: catmullRom };
  const result = new Uint8Array(rows * columns * 3);
  const taps = (place, most) => {
    const first = Math.floor(place) - reach + 1;
    return Array.from({ length: 2 * reach }, (_, k) => [clamp(first + k, most - 1), at(first + k - place)]);
  };
  for (let y = 0; y < rows; y++) {
    const down = taps((y * height) / rows - 0.5, height);
    for (let x = 0; x < columns; x++) {
      const across = taps((x * width) / columns - 0.5, width);
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (const [row, a] of down) for (const [column, b] of across) sum += a * b * data[(row * width + column) * 3 + c];
        result[(y * columns + x) * 3 + c] = byte(sum);
      }
    }
  }
  return { width: columns, height: rows, data: result };
}

function resize(picture, width, height, filter) {
  if (picture.width === width && picture.height === height) return picture;
  if (filter === 'nearest') {
    const data = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const row = Math.floor(((y + 0.5) * picture.height) / height);
        const column = Math.floor(((x + 0.5) * picture.width) / width);
        for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = picture.data[(row * picture.width + column) * 3 + c];
      }
    return { width, height, data };
  }
  const kernel = KERNELS[filter];
  if (picture.height > height) picture = reduceRows(picture, height, kernel);
  if (picture.width > width) picture = swapped(reduceRows(swapped(picture), width, kernel));
  if (picture.width === width && picture.height === height) return picture;
  return enlarge(picture, width, height, filter === 'linear');
}

/** The picture in the network's size, and where in it the picture itself lies. */
export function fit(picture, { width: W, height: H, fit: how, resize: filter }) {
  const { width: w, height: h } = picture;
  const inside = { top: 0, left: 0, width: W, height: H };
  const rounded = (value, most) => Math.min(most, Math.max(1, Math.floor(value + 0.5)));
  if (how === 'stretch') return { picture: resize(picture, W, H, filter), inside };
  if (how === 'crop') {
    const [columns, rows] = [rounded((h * W) / H, w), rounded((w * H) / W, h)];
    const [left, top] = [Math.floor((w - columns) / 2), Math.floor((h - rows) / 2)];
    const data = new Uint8Array(columns * rows * 3);
    for (let y = 0; y < rows; y++) {
      const from = ((top + y) * w + left) * 3;
      data.set(picture.data.subarray(from, from + columns * 3), y * columns * 3);
    }
    return { picture: resize({ width: columns, height: rows, data }, W, H, filter), inside };
  }
  const factor = Math.min(W / w, H / h);
  const [columns, rows] = [rounded(w * factor, W), rounded(h * factor, H)];
  const small = resize(picture, columns, rows, filter);
  const [left, top] = [Math.floor((W - columns) / 2), Math.floor((H - rows) / 2)];
  const data = new Uint8Array(W * H * 3);
  for (let y = 0; y < rows; y++)
    data.set(small.data.subarray(y * columns * 3, (y + 1) * columns * 3), ((top + y) * W + left) * 3);
  return { picture: { width: W, height: H, data }, inside: { top, left, width: columns, height: rows } };
}

function median(values) {
  return Uint8Array.from(values).sort()[Math.floor((values.length - 1) / 2)];
}

/** 'dark' or 'light' where a gray picture is drawn on an even ground of that kind, else null. */
function groundOf(pixels, width, { top, left, width: columns, height: rows }, colored) {
  if (colored) return null;
  const [all, border] = [[], []];
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const value = pixels[(top + y) * width + left + x];
      all.push(value);
      if (y === 0 || y === rows - 1 || x === 0 || x === columns - 1) border.push(value);
    }
  const middle = median(border);
  const share = (of, holds) => of.filter(holds).length / of.length;
  const near = (value) => Math.abs(value - middle) <= 32;
  if (share(border, near) < 0.9 || share(all, near) < 0.5) return null;
  if (middle >= 160 && share(all, (value) => value < middle - 64) >= 0.01) return 'light';
  if (middle <= 95 && share(all, (value) => value > middle + 64) >= 0.01) return 'dark';
  return null;
}

/** Whether a picture cannot be one of the network's own: then it is inverted, as Convscope does by itself. */
function isInverted(ground, { grounds, width, height }, original) {
  if (ground === null || !grounds || grounds.both || grounds.all < 100) return false;
  const other = ground === 'dark' ? 'light' : 'dark';
  if (grounds[ground] > 0 || grounds[other] < 0.75 * grounds.all) return false;
  return original.width >= 2 * width && original.height >= 2 * height;
}

/**
 * @param original the decoded picture, upright, on white. @param preprocessing of the network.
 * @returns input: float32 [1, C, H, W]; inverted: whether the picture was.
 */
export function prepare(original, preprocessing) {
  const { width, height, colour, scale, mean, deviation } = preprocessing;
  const { picture, inside } = fit(original, preprocessing);
  const channels = colour === 'grey' ? 1 : 3;
  const places = width * height;
  let pixels = picture.data;
  let inverted = false;
  if (channels === 1) {
    pixels = new Uint8Array(places);
    let colored = 0;
    for (let i = 0; i < places; i++) {
      const [r, g, b] = picture.data.subarray(3 * i, 3 * i + 3);
      pixels[i] = Math.round((299 * r + 587 * g + 114 * b) / 1000);
      if (Math.max(r, g, b) - Math.min(r, g, b) > 32) colored++;
    }
    const ground = groundOf(pixels, width, inside, colored > 0.01 * inside.width * inside.height);
    inverted = isInverted(ground, preprocessing, original);
    const { top, left } = inside;
    if (inverted)
      for (let y = top; y < top + inside.height; y++)
        for (let x = left; x < left + inside.width; x++) pixels[y * width + x] = 255 - pixels[y * width + x];
  }
  const input = new Float32Array(channels * places);
  for (let i = 0; i < places; i++)
    for (let c = 0; c < channels; c++) input[c * places + i] = (pixels[i * channels + c] * scale - mean[c]) / deviation[c];
  return { input, dims: [1, channels, height, width], inverted };
}
