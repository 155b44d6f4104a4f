import type { Engine } from '../../shared/protocol';
import type { labMethods, Planes } from '../../shared/lab';
import type { Decoder } from '../image/decoder';
import { toChannels } from '../image/input';
import { flatten } from '../image/pixels';
import { sampleBytes } from '../inspect/samples';
import type { Jobs } from '../worker/jobs';
import { Filter } from './filter';
import { race } from './race';

type LabMethods = Pick<Engine, keyof typeof labMethods>;

/** What scenes of Learn ask for. */
export function createLab(decoder: Decoder, jobs: Jobs): { methods: LabMethods; close(): void } {
  const filter = new Filter();
  const methods: LabMethods = {
    async planes({ image, side, channels }): Promise<Planes> {
      const { name, bytes } = image.kind === 'sample' ? await sampleBytes(image.id) : image;
      const { width, height, rgba } = await decoder.thumbnail(bytes, name, side);
      const flat = flatten({ width, height, channels: 4, data: new Uint8Array(rgba) }, [255, 255, 255]);
      return { width, height, channels, pixels: toChannels(flat.data, 3, channels) };
    },
    race: ({ job, ...size }, context) => jobs.run(job, context, (signal, onProgress) => race(size, signal, onProgress)),
    filter: ({ picture, size, weights }) => filter.run(picture, size, weights),
  };
  return { methods, close: () => filter.close() };
}
