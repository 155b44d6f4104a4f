import { FailureError } from '../../shared/failures';
import type { EngineMethod, Params } from '../../shared/protocol';
import { say } from '../../words';
import { parseColour } from '../image/pixels';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const bytes: Check = (value) => value instanceof Uint8Array;
const index: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
/** −1 is the input, or the whole vector. */
const fromMinusOne: Check = (value) => Number.isSafeInteger(value) && (value as number) >= -1;
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value as string);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const record =
  (fields: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));
const either =
  (...checks: Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const colour: Check = (value) => {
  try {
    return typeof value === 'string' && parseColour(value).length === 3;
  } catch {
    return false;
  }
};

/** Pads and pictures of data sets are small; anything larger is a mistake. */
const MOST_PIXELS = 4096;

const pixels: Check = (value) => {
  const {
    width,
    height,
    channels,
    pixels: data,
  } = value as {
    width: number;
    height: number;
    channels: number;
    pixels: unknown;
  };
  const side: Check = (length) => index(length) && (length as number) > 0 && (length as number) <= MOST_PIXELS;
  const size = width * height * channels;
  return side(width) && side(height) && [1, 3].includes(channels) && data instanceof Uint8Array && data.length === size;
};

const named = record({ name: text, bytes });
const modelSource = either(
  record({ kind: oneOf('bundled'), id: text }),
  (value) => record({ kind: oneOf('bytes') })(value) && named(value),
  record({ kind: oneOf('run'), id: text }),
);
const imageSource = either(
  record({ kind: oneOf('sample'), id: text }),
  (value) => record({ kind: oneOf('bytes') })(value) && named(value),
  (value) =>
    record({ kind: oneOf('pixels'), name: text, of: optional(record({ id: text, name: text })) })(value) &&
    pixels(value),
);
const fit = oneOf('stretch', 'crop', 'letterbox');
const inputOptions = record({
  fit: optional(fit),
  invert: optional(oneOf('auto', 'on', 'off')),
  background: optional(colour),
});
const range = { first: index, count: index };
const finite: Check = (value) => Number.isFinite(value);
const pixelRange: Check = (value) =>
  record({ low: finite, high: finite })(value) && (value as { low: number }).low < (value as { high: number }).high;

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const network = record({
  source: record({ kind: oneOf('bundled', 'recipe'), id: text }),
  variant: oneOf('itself', 'twin', 'dense-128-64'),
});
/** What their values may be, the trainer says. */
const trainOptions: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((option) => ['string', 'number', 'undefined'].includes(typeof option));
const contender = record({ kind: oneOf('run', 'bundled'), id: text });
const contenders: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(contender);
const pictureChoice = either(
  record({ kind: oneOf('cell'), contender: index, truth: index, predicted: index }),
  record({ kind: oneOf('disagree', 'none') }),
  record({ kind: oneOf('only'), right: index, wrong: index }),
  record({ kind: oneOf('worst'), contender: index }),
);

const checks: { [M in EngineMethod]: { [K in keyof Params<M>]-?: Check } } = {
  start: {},
  openModel: { source: modelSource },
  samplePicture: { id: text },
  inspect: { model: index, image: imageSource, options: inputOptions },
  thumbnails: { inspection: index, layer: fromMinusOne, ...range },
  values: { inspection: index, layer: fromMinusOne, channel: fromMinusOne },
  mapDetails: { inspection: index, layer: fromMinusOne, ...range },
  npy: { inspection: index, layer: fromMinusOne },
  kernels: { model: index, layer: index, ...range },
  kernelNorms: { model: index, layer: index },
  explain: { inspection: index, layer: index, channel: index, y: index, x: index },
  verify: { model: index, job: text },
  modelFile: { model: index },
  cancel: { job: text },
  traffic: {},

  dataSets: {},
  addData: { path: text },
  forgetData: { data: text },
  survey: { data: text, network, fit: optional(fit), range: optional(pixelRange), job: text },
  beginUpload: { name: text, files: index, bytes: index },
  upload: { upload: text, path: text, bytes },
  endUpload: { upload: text },
  cancelUpload: { upload: text },
  recipes: {},
  describeNetwork: { network, classes: orNull(index) },
  runs: {},
  startRun: {
    title: text,
    data: text,
    network,
    fit: optional(fit),
    range: optional(pixelRange),
    recipe: optional(text),
    options: trainOptions,
  },
  pauseRun: { run: text },
  continueRun: { run: text },
  stopRun: { run: text },
  resumeRun: { run: text, epochs: optional(index) },
  removeRun: { run: text },
  restoreRun: { run: text },
  runMetrics: { run: text },
  runFilters: { run: text },
  evaluate: { contenders, data: orNull(text), job: text },
  evaluatedPictures: { evaluation: index, choice: pictureChoice, ...range },
  evaluatedImage: { evaluation: index, index },
  verifyRun: { run: text, job: text },
  runFile: { run: text },
};

/** Throws FailureError `internal` for a method or parameters that the protocol does not have: whatever sent them is wrong. */
export function checkParams(method: string, params: unknown): void {
  if (!Object.hasOwn(checks, method)) throw new FailureError('internal', { reason: say('call.no-method', { method }) });
  if (typeof params !== 'object' || params === null) {
    throw new FailureError('internal', { reason: say('call.no-parameters', { method, found: String(params) }) });
  }
  for (const [name, check] of Object.entries<Check>(checks[method as EngineMethod])) {
    const value = (params as Record<string, unknown>)[name];
    if (!check(value)) {
      throw new FailureError('internal', { reason: say('call.parameter', { method, name, found: brief(value) }) });
    }
  }
}

function brief(value: unknown): string {
  const shown = ArrayBuffer.isView(value) ? `${value.byteLength} bytes` : (JSON.stringify(value) ?? 'nothing');
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
}
