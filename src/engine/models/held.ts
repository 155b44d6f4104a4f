import { FailureError } from '../../shared/failures';
import type { InputOptions } from '../../shared/inputs';
import type { ModelSource } from '../../shared/protocol';
import { say } from '../../words';
import type { Decoder } from '../image/decoder';
import type { ImageInput } from '../image/prepare';
import { CoreNetwork, coreTensor } from '../inspect/core-network';
import type { InspectableNetwork } from '../inspect/network';
import type { PreparedInputs } from '../inspect/prepared-inputs';
import { foreignInputs } from '../foreign/foreign-inputs';
import { makeExecutor } from '../runtime/executor';
import { describeForeign, describeModel, type ModelDescription } from './describe';
import { openNetwork, type OpenedModel } from './models';

/** A network that a window holds, ours or another's. */
export interface HeldModel extends Pick<OpenedModel, 'id' | 'bundled' | 'bytes'> {
  network: InspectableNetwork;
  description: ModelDescription;
  /** Bytes of memory that it takes. */
  weight: number;
  prepare(decoder: Decoder, image: ImageInput, name: string, options: Partial<InputOptions>): Promise<PreparedInputs>;
  /** The model, for what only ours can do. @throws FailureError `model.foreign`. */
  own(): OpenedModel;
}

/** @throws FailureError as `openNetwork`. */
export async function holdModel(source: ModelSource): Promise<HeldModel> {
  const opened = await openNetwork(source);
  const { id, bundled, bytes } = opened;
  if (opened.foreign) {
    const { foreign } = opened;
    const { producer } = foreign.runner.network;
    return {
      id,
      bundled,
      bytes,
      network: foreign,
      description: describeForeign(foreign, id),
      // The file here, and in the process that computes it.
      weight: bytes.length * 2,
      prepare: (decoder, image, name, options) => foreignInputs(foreign, decoder, image, name, options),
      own() {
        const reason = say('foreign.only-ours', { file: id, producer: producer || '?' });
        throw new FailureError('internal', { reason });
      },
    };
  }
  const { model } = opened;
  const { preprocessing } = model.metadata;
  return {
    id,
    bundled,
    bytes,
    network: await CoreNetwork.open(model, await makeExecutor(model.graph, 1)),
    description: describeModel(model, id),
    // Weights are held three times: as the file's bytes, as parameters, and in the executor.
    weight: bytes.length * 3,
    async prepare(decoder, image, name, options) {
      const prepared = await decoder.prepare(image, name, preprocessing, options);
      const picture = coreTensor(prepared.input, model.graph.inputShape);
      return { prepared, inputs: [picture], normalized: [...picture.shape], warnings: prepared.warnings };
    },
    own: () => ({ id, bundled, bytes, model }),
  };
}
