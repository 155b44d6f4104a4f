import { FailureError } from '../shared/failures';
import type { Method, Params } from '../shared/protocol';
import { parseColour } from './image/pixels';

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

/** Pads are small; anything larger is a mistake. */
const MOST_PIXELS = 4096;

const pixels: Check = (value) => {
  const { width, height, pixels: data } = value as { width: number; height: number; pixels: unknown };
  const side: Check = (length) => index(length) && (length as number) > 0 && (length as number) <= MOST_PIXELS;
  return side(width) && side(height) && data instanceof Uint8Array && data.length === width * height;
};

const named = record({ name: text, bytes });
const modelSource = either(
  record({ kind: oneOf('bundled'), id: text }),
  (value) => record({ kind: oneOf('bytes') })(value) && named(value),
);
const imageSource = either(
  record({ kind: oneOf('sample'), id: text }),
  (value) => record({ kind: oneOf('bytes') })(value) && named(value),
  (value) => record({ kind: oneOf('pixels'), name: text })(value) && pixels(value),
);
const inputOptions = record({
  fit: optional(oneOf('stretch', 'crop', 'letterbox')),
  invert: optional(oneOf('auto', 'on', 'off')),
  background: optional(colour),
});
const range = { first: index, count: index };

const checks: { [M in Method]: { [K in keyof Params<M>]-?: Check } } = {
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
};

/** Throws FailureError `internal` for a method or parameters that the protocol does not have: whatever sent them is wrong. */
export function checkParams(method: string, params: unknown): void {
  if (!Object.hasOwn(checks, method)) throw new FailureError('internal', { reason: `there is no method '${method}'` });
  if (typeof params !== 'object' || params === null) {
    throw new FailureError('internal', {
      reason: `${method}: found ${String(params)}, expected an object of parameters`,
    });
  }
  for (const [name, check] of Object.entries<Check>(checks[method as Method])) {
    const value = (params as Record<string, unknown>)[name];
    if (!check(value)) {
      throw new FailureError('internal', {
        reason: `${method}: parameter '${name}' has the wrong shape (found ${brief(value)})`,
      });
    }
  }
}

function brief(value: unknown): string {
  const shown = ArrayBuffer.isView(value) ? `${value.byteLength} bytes` : (JSON.stringify(value) ?? 'nothing');
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
}
