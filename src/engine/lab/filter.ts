import type { Executor } from '../../core/backends/executor';
import { toChannelsFirst } from '../../core/layers/layout';
import { buildGraph } from '../../core/model/build';
import type { Graph } from '../../core/model/graph';
import type { LabMaps, Planes } from '../../shared/lab';
import { Recent } from '../../shared/recent';
import { FailureError } from '../../shared/failures';
import { say } from '../../words';
import { makeExecutor } from '../runtime/executor';

/** Networks of one size of picture and kernel that are kept open. */
const KEPT = 3;

interface Open {
  graph: Graph;
  executor: Executor;
}

/** The strip of a scene: a kernel over each channel of a picture, relu, max pooling. Each a layer of the core, run by the app's executor. */
export class Filter {
  private readonly open = new Recent<string, Promise<Open>>(
    (opened) =>
      void opened.then(
        ({ executor }) => executor.dispose(),
        () => undefined,
      ),
  );

  /**
   * @param weights `[C or 1, size, size]`. @returns maps `[C, H, W]` of each layer.
   * @throws FailureError where they are neither.
   */
  async run(
    { width, height, channels, pixels }: Planes,
    size: number,
    weights: readonly number[],
  ): Promise<{ conv: LabMaps; relu: LabMaps; pool: LabMaps }> {
    const area = size * size;
    if (weights.length !== area && weights.length !== channels * area)
      throw new FailureError('internal', {
        reason: say('lab.weights', { found: weights.length, one: area, each: channels * area }),
      });
    const { graph, executor } = await this.at(height, width, channels, size);
    const kernels = Float32Array.from({ length: channels * area }, (_, i) => weights[i % weights.length]);
    await executor.setParams(new Map([['conv1.weight', kernels]]));
    // A loop: `Float32Array.from` with a function takes longer than the convolution.
    const input = new Float32Array(pixels.length);
    for (let i = 0; i < input.length; i++) input[i] = pixels[i] / 255;
    await executor.forward(input, 1);
    const maps = async (index: number): Promise<LabMaps> => {
      const shape = graph.layers[index].outputShape;
      return { height: shape[0], width: shape[1], data: toChannelsFirst(await executor.activation(index), 1, shape) };
    };
    return { conv: await maps(0), relu: await maps(1), pool: await maps(2) };
  }

  close(): void {
    this.open.clear();
  }

  private at(height: number, width: number, channels: number, size: number): Promise<Open> {
    const key = [height, width, channels, size].join();
    const known = this.open.get(key);
    if (known) return known;
    const graph = buildGraph({
      input: { height, width, channels },
      layers: [
        { kind: 'conv', filters: channels, groups: channels, kernel: size, padding: 'same', bias: false },
        { kind: 'relu' },
        { kind: 'maxpool', size: 2, ceil: true },
      ],
    });
    const opened = makeExecutor(graph, 1).then((executor) => ({ graph, executor }));
    this.open.set(key, opened);
    this.open.trim(KEPT);
    return opened;
  }
}
