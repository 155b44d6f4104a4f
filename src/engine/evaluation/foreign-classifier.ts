import type { FloatArray } from '../../core/tensor';
import { FailureError } from '../../shared/failures';
import type { PictureInput } from '../../shared/inputs';
import type { ModelSource } from '../../shared/protocol';
import { say, type Message } from '../../words';
import { preprocessingFor } from '../foreign/foreign-inputs';
import { digestOf, keptInput, NOTHING_KEPT } from '../foreign/kept-input';
import type { ForeignNetwork } from '../foreign/foreign-network';
import type { NetworkFile } from '../foreign/network-file';
import { defaultLimits } from '../foreign/runner';
import { isForeign, openForeign } from '../models/formats/foreign';
import type { BesideFile } from '../models/formats/format';
import { alteredNote, openOurs } from '../models/formats/ours';
import { bundledIds, networkBytes, openModel, type OpenedModel } from '../models/models';
import type { Classifier, ForeignClassifier } from '../train/classifier';
import { answerFor } from '../train/foreign-runner';

/** What one chose for a foreign file, in place of what is guessed and of classes that have no names. */
export interface ClassifierChoices {
  /** May depend on the guess. */
  picture?: PictureInput | ((guess: PictureInput) => PictureInput);
  /** Whatever was chosen in the app and kept for the file. */
  asGuessed?: boolean;
  /** By the number of classes where a list has to be read by it. */
  labels?: readonly string[] | ((classes: number) => readonly string[]);
}

/**
 * Anything that can be evaluated: a model of ours, or a classifier in any ONNX file.
 * @param place of the file, where it has one: data beside it is read from there.
 * @throws FailureError as `openModel`; `model.invalid` for a foreign file that takes no picture or tells no classes apart.
 */
export async function openClassifier(
  source: ModelSource,
  choices: ClassifierChoices = {},
  place: Pick<NetworkFile, 'path' | 'folder'> = { path: null, folder: null },
): Promise<Pick<OpenedModel, 'id' | 'bundled' | 'fileBytes' | 'altered'> & { model: Classifier }> {
  if (source.kind === 'bundled' && !(await bundledIds()).includes(source.id)) return openModel(source);
  const { id, bundled, file, bytes } = await networkBytes(source);
  const beside = (source.kind === 'bytes' && source.beside) || [];
  const facts = { id, bundled, fileBytes: bytes.length };
  if (isForeign(bytes))
    return { ...facts, model: await foreignClassifier({ name: file, bytes, ...place }, beside, choices) };
  return { ...facts, model: openOurs(file, bytes), altered: alteredNote(file, bytes) };
}

async function foreignClassifier(
  file: NetworkFile,
  beside: readonly BesideFile[],
  { picture: chosen, asGuessed = false, labels: listed }: ClassifierChoices,
): Promise<ForeignClassifier> {
  const open = (threads: number): Promise<ForeignNetwork> => openForeign(file, beside, { threads });
  const network = await open((await defaultLimits()).threads);
  try {
    const refuse = (reason: Message): FailureError => new FailureError('model.invalid', { file: file.name, reason });
    const { runner, picture, told, head } = network;
    if (runner.refused) throw refuse(runner.refused);
    if (!picture) throw refuse(say('evaluation.no-picture', { inputs: network.inputs.map(({ name }) => name) }));
    if (!head) throw refuse(noClasses(network));
    const kept = told ? NOTHING_KEPT : await keptInput(digestOf(file.bytes));
    const usual = (asGuessed ? null : kept.picture) ?? picture.guess;
    const input = typeof chosen === 'function' ? chosen(usual) : (chosen ?? usual);
    const { name: output } = network.values[head.logits];
    const row = await answerTo(network, input, output);
    const classes = row.length;
    const given = (typeof listed === 'function' ? listed(classes) : listed) ?? kept.labels;
    if (given && given.length !== classes)
      throw refuse(say('evaluation.labels-count', { found: given.length, expected: classes }));
    const names = given ? 'given' : told ? 'told' : 'none';
    const values = head.kind === 'value' && areShares(row) ? 'probabilities' : 'logits';
    const labels = given ?? told?.labels ?? Array.from({ length: classes }, (_, i) => String(i));
    const channels = input.color === 'gray' ? 1 : 3;
    return {
      graph: null,
      metadata: {
        labels: [...labels],
        preprocessing: preprocessingFor(input, picture.guess, told?.preprocessing),
        training: told?.training ?? null,
        title: told?.title,
      },
      names,
      inputShape: [input.height, input.width, channels],
      picture: input,
      output,
      values,
      head: { kind: head.kind === 'value' ? 'share' : head.kind },
      parameters: [...runner.network.graph.initializers.values()].reduce(
        (sum, { dims }) => sum + dims.reduce((a, b) => a * b, 1),
        0,
      ),
      notes: told
        ? []
        : [
            chosen || input !== picture.guess
              ? say(chosen ? 'evaluation.picture-chosen' : 'evaluation.picture-kept', { id: file.name })
              : say('evaluation.picture-guessed', { id: file.name, reasons: picture.reasons }),
            ...(head.kind === 'value' && values === 'logits'
              ? [say('evaluation.softmax-taken', { id: file.name, output })]
              : []),
          ],
      open,
    };
  } finally {
    network.dispose();
  }
}

/** Why a network has no head: what it gives out. */
function noClasses({ runner, values, atOnce }: ForeignNetwork): Message {
  const outputs = atOnce.map((value) =>
    say('evaluation.output', {
      name: values[value].name,
      shape: (values[value].dims ?? []).map((size) => size ?? '?').join(' × '),
    }),
  );
  return say('evaluation.no-classes', { outputs: outputs.length > 0 ? outputs : runner.network.graph.outputs });
}

/** What a network gives for a gray picture. @throws FailureError: it cannot be computed, never ends, takes too much memory. */
async function answerTo(network: ForeignNetwork, picture: PictureInput, output: string): Promise<FloatArray> {
  const { height, width, color } = picture;
  const pixels = new Float32Array(height * width * (color === 'gray' ? 1 : 3)).fill(0.5);
  return (await answerFor(network, { picture, output }, pixels)).row;
}

/** Whether numbers are already shares of one: a softmax written as other operators, or rounded after it. */
function areShares(row: FloatArray): boolean {
  let sum = 0;
  for (const value of row) sum += value;
  return row.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) < 0.01;
}
