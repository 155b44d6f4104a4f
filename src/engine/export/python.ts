import type { GraphLayer } from '../../core/model/graph';
import type { Preprocessing } from '../../core/model/model';

/** A JSON-able value as a Python literal. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, each]) => `${JSON.stringify(key)}: ${literal(each)}`)
      .join(', ')}}`;
  return JSON.stringify(value);
}

const FILTERS = {
  nearest: 'NEAREST',
  linear: 'BILINEAR',
  cubic: 'BICUBIC',
  mitchell: 'BICUBIC',
  lanczos2: 'LANCZOS',
  lanczos3: 'LANCZOS',
} as const;

/** Two Python functions: a picture's pixels at the network's size, and their normalization. They need numpy as np, Image and ImageOps. */
export function picturesInPython(preprocessing: Preprocessing): string {
  const { height, width, fit, resize, scale, mean, deviation, colour } = preprocessing;
  const fitted = {
    stretch: 'image.resize(size, resample)',
    crop: 'ImageOps.fit(image, size, resample)',
    letterbox: 'ImageOps.pad(image, size, resample, color="black")',
  }[fit];
  const gray = `
    pixels = np.floor(pixels @ np.array([299, 587, 114], np.float32) / 1000 + 0.5)[..., None]`;
  return `def pixels_of(picture):
    """A picture (a path or a PIL image) as float32 [${height}, ${width}, C] of 0 to 255. Pillow resizes a little differently from Convscope."""
    image = picture if isinstance(picture, Image.Image) else Image.open(picture)
    image = ImageOps.exif_transpose(image).convert("RGBA")
    image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    size, resample = (${width}, ${height}), Image.Resampling.${FILTERS[resize]}
    image = ${fitted}
    pixels = np.asarray(image, dtype=np.float32)${colour === 'grey' ? gray : ''}
    return pixels


def normalized(pixels):
    """What the network takes of pixels [..., C]."""
    return ((pixels * ${scale} - np.array(${literal(mean)})) / np.array(${literal(deviation)})).astype(np.float32)`;
}

const KEYWORDS = new Set(
  'False None True keras layers ops inputs network logits sum range max min and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield self torch nn F'.split(
    ' ',
  ),
);

/** A Python name for each layer, unique. */
export function pythonNames(layers: readonly GraphLayer[]): string[] {
  const taken = new Set<string>([
    'x',
    'forward',
    'training',
    'modules',
    'parameters',
    'children',
    'buffers',
    'apply',
    'float',
    'half',
    'double',
    'type',
    'to',
    'train',
    'eval',
    'cpu',
    'cuda',
    'compile',
  ]);
  return layers.map(({ name }) => {
    const plain = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d|_)/, 'layer');
    let unique = plain;
    for (let i = 2; taken.has(unique) || KEYWORDS.has(unique); i++) unique = `${plain}_${i}`;
    taken.add(unique);
    return unique;
  });
}
