import { literal } from './python';
import type { Model } from '../../core/model/model';
import type { TrainSettings } from '../../core/train/settings';

/**
 * The part of a training script that is NumPy alone: settings, pictures of a folder, augmentation, learning rate (docs/training.md).
 * Draws are NumPy's, so that pictures are varied alike but not the same. @param decays names, in the script, of the parameters that decay.
 */
export function trainingInPython(
  { metadata: { preprocessing } }: Model,
  settings: TrainSettings,
  decays: readonly string[],
): string {
  const { learningRate, optimizer, schedule, augmentation, ...plain } = settings;
  const ground = { dark: 0, light: 255, mixed: null }[preprocessing.ground];
  const kept = {
    epochs: plain.epochs,
    batch: plain.batch,
    seed: plain.seed,
    patience: plain.patience,
    lr: learningRate,
    warmup: plain.warmup,
    schedule,
    optimizer,
    loss: plain.loss,
    smoothing: plain.labelSmoothing,
    gamma: plain.focalGamma,
    balanced: plain.classWeights === 'balanced',
    augment: augmentation,
    expand: plain.expand === 'shifts',
  };
  const lines = Object.entries(kept).map(([name, value]) => `    ${literal(name)}: ${literal(value)},`);
  const { height, width, colour } = preprocessing;
  return `
# ---- Training on, as Convscope trains (its docs/training.md has every formula) ----

SETTINGS = {
${lines.join('\n')}
}
# What comes in at an edge when a picture is moved: a value, or None for the picture's own edge.
GROUND = ${literal(ground)}
# Weight decay is for these alone: kernels and dense weights.
DECAYS = ${literal(decays)}
ENDINGS = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"}


class Pictures:
    """FOLDER/CLASS/PICTURE, a folder for each of LABELS, as [${height}, ${width}, ${colour === 'grey' ? 1 : 3}]; moved by a pixel each way too where the settings say so."""

    def __init__(self, folder, expand=False):
        self.files = []
        for index, label in enumerate(LABELS):
            place = Path(folder) / label
            if not place.is_dir():
                raise ValueError(f"{place}: found no folder, expected one for each class")
            self.files += [(path, index) for path in sorted(place.iterdir()) if path.suffix.lower() in ENDINGS]
        self.moves = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)] if expand else [(0, 0)]
        self.counts = np.bincount([label for _, label in self.files], minlength=len(LABELS))

    def __len__(self):
        return len(self.files) * len(self.moves)

    def __getitem__(self, index):
        path, label = self.files[index % len(self.files)]
        down, right = self.moves[index // len(self.files)]
        pixels = pixels_of(path)
        if down or right:
            height, width, _ = pixels.shape
            mode = dict(mode="edge") if GROUND is None else dict(constant_values=GROUND)
            pixels = np.pad(pixels, ((1, 1), (1, 1), (0, 0)), **mode)
            pixels = pixels[1 - down : 1 - down + height, 1 - right : 1 - right + width]
        return pixels, label

    def weights(self):
        """What a picture's loss is multiplied by, one a class."""
        if not SETTINGS["balanced"]:
            return np.ones(len(LABELS), np.float32)
        return (self.counts.sum() / (len(LABELS) * np.maximum(self.counts, 1))).astype(np.float32)


def gray_of(x):
    return x @ np.array([0.299, 0.587, 0.114], x.dtype)[:, None] if x.shape[-1] == 3 else x.mean(axis=-1, keepdims=True)


def moved(x, draws):
    """Cropped, mirrored, zoomed, turned and shifted by one map from new places to old ones, with one bilinear interpolation."""
    a = SETTINGS["augment"]
    n, height, width, _ = x.shape
    draw = lambda: draws.random((n, 1, 1))
    both = lambda: 2 * draw() - 1
    shift = lambda: np.floor(draw() * (2 * a["shift"] + 1)) - a["shift"]
    flip = lambda way: np.where(draw() < 0.5, -1, 1) if a["flip"] in (way, "both") else 1
    angle = both() * a["rotate"] * math.pi / 180
    zoom, kept = 1 + a["scale"] * both(), 1 - a["crop"] * draw()
    cos, sin = np.cos(angle) / zoom, np.sin(angle) / zoom
    flip_x, flip_y = flip("horizontal"), flip("vertical")
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    xx, xy, yx, yy = kept * flip_x * cos, kept * flip_x * sin, -kept * flip_y * sin, kept * flip_y * cos
    from_x, from_y = middle_x + shift(), middle_y + shift()
    cropped = kept < 1
    crop_x = np.where(cropped, (1 - kept) * (width * draw() - 0.5), 0)
    crop_y = np.where(cropped, (1 - kept) * (height * draw() - 0.5), 0)
    rows, columns = np.mgrid[:height, :width]
    old_x = xx * columns + xy * rows + kept * middle_x + crop_x - xx * from_x - xy * from_y
    old_y = yx * columns + yy * rows + kept * middle_y + crop_y - yx * from_x - yy * from_y
    inside = cropped & (old_x >= -0.5) & (old_x <= width - 0.5) & (old_y >= -0.5) & (old_y <= height - 0.5)
    old_x = np.where(inside, old_x.clip(0, width - 1), old_x)
    old_y = np.where(inside, old_y.clip(0, height - 1), old_y)
    left, top = np.floor(old_x).astype(int), np.floor(old_y).astype(int)
    result = np.zeros_like(x)
    for right, bottom in ((0, 0), (1, 0), (0, 1), (1, 1)):
        share = np.abs(1 - right - (old_x - left)) * np.abs(1 - bottom - (old_y - top))
        px, py = left + right, top + bottom
        values = x[np.arange(n)[:, None, None], py.clip(0, height - 1), px.clip(0, width - 1)]
        if GROUND is not None:
            outside = (px < 0) | (px >= width) | (py < 0) | (py >= height)
            values = np.where(outside[..., None], GROUND, values)
        result += (share[..., None] * values).astype(x.dtype)
    return result


def varied(x, targets, draws):
    """Pictures [N, H, W, C] of 0 to 255, each varied; and for each the second class and the share of its own."""
    a = SETTINGS["augment"]
    n, height, width, channels = x.shape
    factor = lambda name: (1 + a[name] * (2 * draws.random((n, 1, 1, 1)) - 1)).astype(np.float32)
    if a["flip"] != "none" or any(a[name] for name in ("crop", "scale", "rotate", "shift")):
        x = moved(x, draws)
    if a["brightness"]:
        x = np.minimum(x * factor("brightness"), 255)
    if a["contrast"]:
        mean = gray_of(x).mean(axis=(1, 2), keepdims=True)
        x = (mean + (x - mean) * factor("contrast")).clip(0, 255)
    if a["saturation"] and channels == 3:
        gray = gray_of(x)
        x = (gray + (x - gray) * factor("saturation")).clip(0, 255)
    if a["hue"] and channels == 3:
        angle = ((2 * draws.random((n, 1, 1)) - 1) * a["hue"] * math.pi / 180).astype(np.float32)
        (r, g, b), y = np.moveaxis(x, -1, 0), gray_of(x)[..., 0]
        i, q = 0.595716 * r - 0.274453 * g - 0.321263 * b, 0.211456 * r - 0.522591 * g + 0.311135 * b
        i, q = np.cos(angle) * i - np.sin(angle) * q, np.sin(angle) * i + np.cos(angle) * q
        parts = [y + 0.9563 * i + 0.621 * q, y - 0.2721 * i - 0.6474 * q, y - 1.107 * i + 1.7046 * q]
        x = np.stack(parts, axis=-1).clip(0, 255)
    if a["erase"]:
        x = x.copy()
        for k in np.flatnonzero(draws.random(n) < a["erase"]):
            area, ratio = height * width * (0.02 + 0.31 * draws.random()), 0.3 ** (2 * draws.random() - 1)
            side = lambda length, most: min(most, max(1, math.floor(length + 0.5)))
            rows, columns = side(math.sqrt(area * ratio), height), side(math.sqrt(area / ratio), width)
            top, left = int(draws.random() * (height - rows + 1)), int(draws.random() * (width - columns + 1))
            x[k, top : top + rows, left : left + columns] = draws.integers(256, size=(rows, columns, channels))
    share = np.ones(n, np.float32)
    if not a["mixup"] and not a["cutmix"]:
        return x, targets, share
    # Convscope mixes with any training picture, this with any of the batch.
    other = draws.integers(n, size=n)
    first, x = x, x.copy()
    for k in range(n):
        cuts = a["cutmix"] > 0 and (a["mixup"] == 0 or draws.random() < 0.5)
        alpha = a["cutmix"] if cuts else a["mixup"]
        share[k] = draws.beta(alpha, alpha)
        if not cuts:
            x[k] = share[k] * first[k] + (1 - share[k]) * first[other[k]]
            continue
        ends = []
        for size in (height, width):
            middle, length = int(draws.integers(size)), int(size * math.sqrt(1 - share[k]))
            ends.append((max(0, middle - length // 2), min(size, middle - length // 2 + length)))
        (top, bottom), (left, right) = ends
        x[k, top:bottom, left:right] = first[other[k], top:bottom, left:right]
        share[k] = 1 - (bottom - top) * (right - left) / (height * width)
    return x, targets[other], share


def rate_of(update, steps):
    """The learning rate of an update, both counted over the whole run; \`steps\` are those of an epoch."""
    base, schedule = SETTINGS["lr"], SETTINGS["schedule"]
    warm = math.floor(SETTINGS["warmup"] * steps + 0.5)
    if update < warm:
        return base * (update + 1) / (warm + 1)
    if schedule["kind"] == "step":
        return base * schedule["factor"] ** (update // steps // schedule["every"])
    if schedule["kind"] == "exponential":
        return base * schedule["factor"] ** (update // steps)
    if schedule["kind"] == "cosine":
        share = min(1, (update - warm) / max(1, SETTINGS["epochs"] * steps - warm))
        return base * (schedule["final"] + (1 - schedule["final"]) * (1 + math.cos(math.pi * share)) / 2)
    return base
`;
}
