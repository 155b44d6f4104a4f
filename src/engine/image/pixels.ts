/** 8-bit sRGB pixels, row by row, interleaved. One channel is gray, three RGB, four RGBA (not premultiplied). */
export interface Pixels {
  width: number;
  height: number;
  channels: 1 | 3 | 4;
  data: Uint8Array;
}

/** Reads `#rgb` or `#rrggbb`; throws RangeError for anything else. */
export function parseColor(text: string): [red: number, green: number, blue: number] {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1];
  if (!digits) throw new RangeError(`found the color '${text}', expected #rrggbb`);
  const long = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  return [0, 2, 4].map((at) => parseInt(long.slice(at, at + 2), 16)) as [number, number, number];
}

/** RGB: gray is repeated, transparency lets `ground` through, c = round((α · c + (255 − α) · ground) ÷ 255). */
export function flatten(pixels: Pixels, ground: readonly [number, number, number]): Pixels {
  const { width, height, channels, data } = pixels;
  if (channels === 3) return pixels;
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0, from = 0, to = 0; i < width * height; i++, from += channels, to += 3) {
    if (channels === 1) rgb.fill(data[from], to, to + 3);
    else {
      const alpha = data[from + 3];
      for (let c = 0; c < 3; c++) {
        rgb[to + c] = Math.round((alpha * data[from + c] + (255 - alpha) * ground[c]) / 255);
      }
    }
  }
  return { width, height, channels: 3, data: rgb };
}

/** Turns upright pixels back to how they were stored under EXIF orientation 1 … 8. */
export function unorient(pixels: Pixels, orientation: number): Pixels {
  if (orientation <= 1 || orientation > 8) return pixels;
  const { width, height, channels, data } = pixels;
  const turned = orientation >= 5;
  const stored = { width: turned ? height : width, height: turned ? width : height };
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [row, column] = storedPlace(orientation, y, x, stored.height, stored.width);
      const from = (y * width + x) * channels;
      const to = (row * stored.width + column) * channels;
      for (let c = 0; c < channels; c++) out[to + c] = data[from + c];
    }
  }
  return { ...stored, channels, data: out };
}

/** Where the upright pixel (y, x) is stored (EXIF 2.3, table of tag 274: which side row 0 and column 0 are at). */
function storedPlace(orientation: number, y: number, x: number, height: number, width: number): [number, number] {
  switch (orientation) {
    case 2:
      return [y, width - 1 - x];
    case 3:
      return [height - 1 - y, width - 1 - x];
    case 4:
      return [height - 1 - y, x];
    case 5:
      return [x, y];
    case 6:
      return [height - 1 - x, y];
    case 7:
      return [height - 1 - x, width - 1 - y];
    default:
      return [x, width - 1 - y];
  }
}

/** Interleaved bytes; `bands` may be more than a picture's four. */
export interface Raw {
  width: number;
  height: number;
  bands: number;
  data: Uint8Array;
}
