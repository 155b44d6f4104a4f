import { FailureError, type Failure } from '../../shared/failures';
import type { BundledModelInfo, ImageSource, ModelSource, SampleInfo, StartInfo } from '../../shared/protocol';
import { readWholeFile } from '../system/files';
import { FILE_LIMIT } from '../image/guard';
import { modelNamed } from '../models/models';
import type { EngineOptions } from '../system/options';

/** The sample that shows most, where it suits the model. */
const FIRST_SAMPLE = 'digit-5';

/** What is open at start: what the command line named, or else the first model and a sample that suits it. */
export async function opening(
  named: EngineOptions['open'],
  models: readonly BundledModelInfo[],
  samples: readonly SampleInfo[],
): Promise<Pick<StartInfo, 'open' | 'failure'>> {
  let failure: Failure | null = null;
  const orElse = async <T>(read: () => Promise<T>, fallback: T): Promise<T> =>
    read().catch((error: unknown) => {
      if (!(error instanceof FailureError)) throw error;
      failure ??= error.toJSON();
      return fallback;
    });

  const defaultModel: ModelSource = { kind: 'bundled', id: models[0]?.id ?? 'lenet5-mnist' };
  const { model: modelName, image: imageName, link = null } = named;
  const model = modelName === null ? defaultModel : await orElse(() => modelNamed(modelName), defaultModel);

  const suited = samples.filter((sample) => model.kind === 'bundled' && sample.models.includes(model.id));
  const first = suited.find((sample) => sample.id === FIRST_SAMPLE) ?? suited[0] ?? samples[0];
  const defaultImage: ImageSource = { kind: 'sample', id: first.id };
  const image =
    imageName === null
      ? defaultImage
      : await orElse<ImageSource>(async () => {
          const bytes = await readWholeFile(imageName, FILE_LIMIT);
          return { kind: 'bytes', name: imageName, bytes };
        }, defaultImage);
  return { open: { model, image, link }, failure };
}
