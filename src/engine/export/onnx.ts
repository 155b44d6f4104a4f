import type { Model } from '../../core/model/model';
import { withSoftmax, writeChosen, type ExportChoices } from '../../core/onnx/choices';
import type { ExportForm } from '../../shared/export';
import { say, type Message } from '../../words';
import type { TwoPaths } from '../image/two-paths';
import { accuracyOf, calibrationData, rangesOf } from './calibration';
import { checkExport, type ExportCheck } from './check';
import type { RunRecord } from '../train/run-record';

/** The accuracy of a network before and after quantization, in onnxruntime, on labelled pictures. */
export interface QuantizedAccuracy {
  before: number;
  after: number;
  images: number;
  split: string;
  /** Training pictures that the ranges are from. */
  calibrated: number;
}

export interface ChosenFile {
  bytes: Uint8Array;
  check: ExportCheck;
  accuracy: QuantizedAccuracy | null;
}

/**
 * A network as an ONNX file by choice, run in onnxruntime and held against the core.
 * @param pictures to compare on. @param learned data and run for int8, whose pictures calibrate it: `path` null where there is none.
 * @throws MessageError for what cannot be written so; FailureError for data that cannot be read.
 */
export async function writeForm(
  model: Model,
  { opset, softmax, inside, number }: ExportForm,
  pictures: () => Promise<{ images: Float32Array[]; pictures: readonly TwoPaths[] }>,
  learned: { path: string; record: RunRecord | null } | null,
  signal?: AbortSignal,
): Promise<ChosenFile> {
  const chosen = softmax === undefined ? model : withSoftmax(model, softmax);
  const choices: ExportChoices = { opset, inside, float16: number === 'float16' };
  if (number !== 'int8' || !learned) {
    const bytes = writeChosen(chosen, choices);
    const { images, pictures: some } = await pictures();
    return { bytes, check: await checkExport(chosen, bytes, choices, images, some), accuracy: null };
  }
  const { calibration, judged, split } = await calibrationData(model, learned.path, learned.record, signal);
  const int8 = await rangesOf(chosen, calibration.inputs, signal);
  const bytes = writeChosen(chosen, { ...choices, int8 });
  const without = writeChosen(chosen, { opset, int8 });
  const before = await accuracyOf(chosen, writeChosen(chosen, { opset }), judged, signal);
  const after = await accuracyOf(chosen, without, judged, signal);
  const { pictures: some } = inside ? await pictures() : { pictures: [] };
  const check = await checkExport(chosen, bytes, { ...choices, int8 }, judged.inputs, some);
  const images = judged.inputs.length;
  return { bytes, check, accuracy: { before, after, images, split, calibrated: calibration.inputs.length } };
}

const short = (value: number): string => String(Number(value.toPrecision(2)));
const percent = (share: number): string => `${Math.floor(share * 1000) / 10} %`;

/** What was found, in sentences. */
export function findingsOf({ check, accuracy }: Pick<ChosenFile, 'check' | 'accuracy'>): Message[] {
  const { ok, images, maxRel, tolerance, sameAnswers, resized } = check;
  const values = { images, difference: short(maxRel), same: sameAnswers };
  const found =
    tolerance === null
      ? say(ok ? 'export.int8-agrees' : 'export.int8-differs', values)
      : say(ok ? 'export.agrees' : 'export.differs', { ...values, tolerance });
  return [
    found,
    ...(accuracy
      ? [
          say('export.accuracy', {
            before: percent(accuracy.before),
            after: percent(accuracy.after),
            images: accuracy.images,
            calibrated: accuracy.calibrated,
          }),
        ]
      : []),
    ...(resized ? [say('export.resized', { images: resized.images, same: resized.sameAnswers })] : []),
  ];
}
