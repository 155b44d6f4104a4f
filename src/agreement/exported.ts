import { toChannelsFirst, toChannelsLast } from '../core/layers/layout';
import { asMap } from '../core/geometry';
import type { Graph, ParamSet } from '../core/model/graph';
import { plainMetadata } from '../core/model/model';
import { writeModel } from '../core/onnx/write';
import { OnnxSession } from '../engine/runtime/onnxruntime';

/** The outputs of all layers by onnxruntime, from the exported file, `[n, H, W, C]`. */
export async function exportedOutputs(
  graph: Graph,
  params: ParamSet,
  input: Float32Array,
  n: number,
): Promise<Map<string, Float32Array>> {
  const session = await OnnxSession.open(
    writeModel({ graph, params, metadata: plainMetadata(graph) }, { allOutputs: true }),
  );
  try {
    const [height, width, channels] = graph.inputShape;
    const data = toChannelsFirst(input, n, height, width, channels);
    const found = await session.run({ input: { shape: [n, channels, height, width], data } });
    return new Map(
      graph.layers.map(({ name, outputShape }) => [
        name,
        toChannelsLast(found.get(name)?.data ?? new Float32Array(0), n, ...asMap(outputShape)),
      ]),
    );
  } finally {
    await session.release();
  }
}
