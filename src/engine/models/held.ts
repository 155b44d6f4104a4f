import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { FailureError } from '../../shared/failures';
import type { InputOptions, PictureInput } from '../../shared/inputs';
import type { ModelSource, NodeInfo } from '../../shared/protocol';
import { say } from '../../words';
import type { Decoder } from '../image/decoder';
import type { ImageInput } from '../image/prepare';
import { CoreNetwork, coreTensor } from '../inspect/core-network';
import type { InspectableNetwork } from '../inspect/network';
import { likenessTo, type PreparedInputs } from '../inspect/prepared-inputs';
import { foreignInputs } from '../foreign/foreign-inputs';
import { digestOf, keepInput, keptInput, NOTHING_KEPT, type KeptInput } from '../foreign/kept-input';
import type { ForeignNetwork } from '../foreign/foreign-network';
import { nodesOf } from '../foreign/node-info';
import type { RunnerLimits } from '../foreign/runner';
import { takeInFile, type TakenFile } from '../foreign/take-in';
import { makeExecutor, slowNotes } from '../runtime/executor';
import { describeForeign, describeModel, type ModelDescription } from './describe';
import { openNetwork, type OpenedModel } from './models';

/** A network that a window holds, ours or another's. */
export interface HeldModel extends Pick<OpenedModel, 'id' | 'bundled' | 'fileBytes' | 'bytes'> {
  network: InspectableNetwork;
  description: ModelDescription;
  /** Bytes of memory that it takes. */
  weight: number;
  /** Whether onnxruntime is still opening it: network and description are its graph's alone. */
  opening: boolean;
  /** Once it is open; rejects as `OpeningNetwork.whole`. */
  opened: Promise<unknown>;
  dispose(): void;
  prepare(decoder: Decoder, image: ImageInput, name: string, options: Partial<InputOptions>): Promise<PreparedInputs>;
  /** What there is to say of the nodes behind a value; null of ours. */
  nodes: ((layer: number) => Promise<NodeInfo[]>) | null;
  /** As layers of ours; null of what is ours already. @throws FailureError as `takeInFile`. */
  takeIn: ((picture: PictureInput | undefined, signal: AbortSignal) => Promise<TakenFile>) | null;
  /** Keeps what one set for the file, and takes it from then on; null of ours. @throws FailureError. */
  keep: ((change: Partial<KeptInput>) => Promise<void>) | null;
  /** The model, for what only ours can do. @throws FailureError `model.foreign`. */
  own(): OpenedModel;
}

/** Milliseconds after which a foreign network that is still opening is shown as its graph. */
const PATIENCE = 300;

/** @param limits of foreign networks. @throws FailureError as `openNetwork`. */
export async function holdModel(source: ModelSource, limits: Partial<RunnerLimits> = {}): Promise<HeldModel> {
  const opened = await openNetwork(source, limits);
  const { id, bundled, fileBytes, bytes } = opened;
  if (opened.foreign) {
    const { whole, graph, dispose } = opened.foreign;
    const early = await Promise.race([whole, setTimeout(PATIENCE, null, { ref: false })]);
    let foreign = early ?? graph();
    const { producer } = foreign.runner.network;
    const digest = digestOf(bytes());
    // What the file itself says needs nothing else.
    let kept = foreign.told ? NOTHING_KEPT : await keptInput(digest);
    const held: HeldModel & { network: ForeignNetwork } = {
      id,
      bundled,
      fileBytes,
      bytes,
      network: foreign,
      description: describeForeign(foreign, id, kept, early === null),
      opening: early === null,
      opened: whole.then((found) => {
        foreign = held.network = found;
        held.opening = false;
        held.description = describeForeign(found, id, kept);
      }),
      dispose,
      // The file here, and in the process that computes it.
      weight: fileBytes * 2,
      prepare: (decoder, image, name, options) =>
        foreignInputs(foreign, decoder, image, name, {
          ...options,
          picture: options.picture ?? kept.picture ?? undefined,
        }),
      nodes: (layer) => nodesOf(foreign, layer),
      takeIn: (picture, signal) => {
        const title = basename(id).replace(/\.onnx$/i, '');
        return takeInFile(foreign.runner, {
          title,
          picture,
          labels: foreign.told?.labels ?? kept.labels ?? undefined,
          signal,
        });
      },
      async keep(change) {
        const next = { ...kept, ...change };
        await keepInput(digest, next);
        kept = next;
        held.description = describeForeign(foreign, id, kept, held.opening);
      },
      own() {
        const reason = say('foreign.only-ours', { file: id, producer: producer || '?' });
        throw new FailureError('internal', { reason });
      },
    };
    held.opened.catch(() => undefined); // callers that await `opened` get the error
    return held;
  }
  const { model, altered = null } = opened;
  const { preprocessing } = model.metadata;
  const network = await CoreNetwork.open(model, await makeExecutor(model.graph, 1));
  return {
    id,
    bundled,
    fileBytes,
    bytes,
    network,
    opening: false,
    opened: Promise.resolve(),
    dispose: () => network.dispose(),
    description: describeModel(model, id),
    // Weights are held three times: as the file's bytes, as parameters, and in the executor.
    weight: fileBytes * 3,
    async prepare(decoder, image, name, options) {
      const prepared = await decoder.prepare(image, name, preprocessing, options);
      const picture = coreTensor(prepared.input, model.graph.inputShape);
      return {
        prepared,
        inputs: [picture],
        normalized: [...picture.shape],
        warnings: [...(altered ? [altered] : []), ...prepared.warnings, ...slowNotes()],
        likeness: likenessTo(model.metadata, prepared),
      };
    },
    nodes: null,
    takeIn: null,
    keep: null,
    own: () => ({ id, bundled, fileBytes, bytes, model }),
  };
}
