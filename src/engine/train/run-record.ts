import { parseJson } from '../../core/json';
import { preprocessingOf, type Preprocessing } from '../../core/model/model';
import type { ModelSpec } from '../../core/model/spec';
import {
  anObject,
  check,
  either,
  list,
  number,
  object,
  oneOf,
  optional,
  orNull,
  record,
  text,
  whole,
  type Infer,
  type Schema,
} from '../../core/schema';
import { keptOptions } from '../../core/train/options';
import type { TrainSettings } from '../../core/train/settings';
import type { Failure } from '../../shared/failures';
import { fit } from '../../shared/inputs';
import { pixelRange } from '../../shared/data-sets';
import { isMessage, say, type Message } from '../../words';
import type { Architecture } from './architecture';
import type { Asked } from './request';

const message = check<Message>(isMessage, say('schema.object'));
const executor = oneOf('wasm', 'reference');
const scores = object({ train: orNull(number), validation: orNull(number), test: orNull(number) });

/** The result of a run: the last line of `train --json`. Null for a split that does not exist. */
const trainResult = object({
  accuracy: scores,
  loss: scores,
  /** Epochs trained, and the epoch whose weights are kept (1-based). */
  epochs: whole(),
  bestEpoch: whole(),
  seconds: number,
  imagesPerSecond: number,
  parameters: whole(),
});
export type TrainResult = Infer<typeof trainResult>;

/** The settings of older versions: a setting that did not exist then is absent (`settingsBefore`). */
const settings = object(
  {
    epochs: whole(1),
    seed: number,
    learningRate: number,
    optimizer: object({ kind: text(1) }, 'keep'),
    schedule: object({ kind: text(1) }, 'keep'),
    augmentation: anObject(),
  },
  'keep',
) as unknown as Schema<TrainSettings>;

const spec = object(
  { input: object({ channels: whole(1) }, 'keep'), layers: list(object({ kind: text(1) }, 'keep')) },
  'keep',
) as unknown as Schema<ModelSpec>;

const fields = object(
  {
    format: oneOf(1),
    state: oneOf('running', 'stopped', 'diverged', 'finished'),
    model: text(),
    /** ID of the recipe that it follows. */
    recipe: orNull(text()),
    title: orNull(text()),
    /** Checked whole where the network is built. */
    spec,
    /** Of a head: the network whose values it reads, called `model`; `spec` is the head's alone. */
    body: optional(
      object({
        /** SHA-256 of its file. */
        digest: text(),
        tensor: text(),
        parameters: whole(),
        /** `[C, H, W]` of the picture. */
        inputShape: list(whole(1), 3, 3),
      }),
    ),
    labels: list(text()),
    /** Read with the channels of the spec's input. */
    preprocessing: anObject<Preprocessing>(),
    /** As given and with every default filled in. */
    options: keptOptions,
    /** What was left out and filled in to fit the data: `model`, and names of options. Absent where nothing was. */
    proposed: optional(list(text())),
    settings,
    /** The file whose weights the run started from, and its SHA-256. */
    init: orNull(object({ file: text(), digest: text() })),
    data: object({
      path: text(),
      name: text(),
      format: text(),
      /** Which values are black and white, if it was given. */
      range: optional(pixelRange),
      fingerprint: text(),
      samples: object({ train: whole(), validation: whole(), test: whole() }),
      /** The share of the commonest class, null where there is no such split; absent in older records. */
      commonest: optional(scores),
      /** A text in older records. */
      leftOut: list(object({ file: text(), reason: either(text(), message, say('schema.text')) })),
    }),
    threads: whole(),
    /** The executor that trains; `wasm` if absent, as in older records. */
    executor: optional(executor),
    /** The gradient check when it was last started or resumed; null if there was nothing to compare. */
    check: optional(
      orNull(
        either(
          oneOf('too large'),
          object({
            images: whole(),
            difference: number,
            param: text(),
            seconds: number,
            partial: optional(object({ whole: whole(), sampled: whole(), of: whole() })),
            together: optional(whole()),
          }),
          say('schema.object'),
        ),
      ),
    ),
    versions: record(text()),
    /** ISO 8601. */
    started: text(),
    updated: text(),
    result: orNull(trainResult),
    /** A message that it does not learn, once detected; absent in older records. */
    stuck: optional(orNull(message)),
    /** Why it diverged; a text in older records. Read by `keptFailure`. */
    failure: orNull(check<Failure | string>((value) => value !== undefined, say('schema.object'))),
  },
  'keep',
);
/** `run.json`: what a run was asked to do, and its state. Clock times, paths and versions are recorded only here. */
export type RunRecord = Infer<typeof fields>;

/** @throws MessageError for text that is not the record of a run: names the field, what was found and what was expected. */
export function readRecord(json: string): RunRecord {
  const read = fields.read(parseJson(json));
  const preprocessing = preprocessingOf(read.body?.inputShape[0] ?? read.spec.input.channels).read(
    read.preprocessing,
    'preprocessing',
  );
  return { ...read, preprocessing };
}

const asked = object({
  data: optional(text()),
  model: optional(
    either(
      text(),
      object(
        { name: text(), title: optional(text()), spec, preprocessing: orNull(anObject<Preprocessing>()) },
        'keep',
      ) as unknown as Schema<Architecture>,
      say('schema.object'),
    ),
  ),
  proposed: optional(list(text())),
  recipe: optional(text()),
  init: optional(text()),
  fit: optional(fit),
  range: optional(pixelRange),
  dataName: optional(text()),
  title: optional(text()),
  labels: optional(list(text())),
  executor: optional(executor),
  options: keptOptions,
});

/** Of `asked.json`. @throws MessageError as `readRecord`. */
export const readAsked = (json: string): Asked => asked.read(parseJson(json));
