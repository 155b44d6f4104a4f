import { toChannelsFirst, toChannelsLast } from '../core/layers/layout';
import type { Graph, ParamSet } from '../core/model/graph';
import { plainMetadata } from '../core/model/model';
import { writeModel } from '../core/onnx/write';
import { OnnxSession } from '../engine/runtime/onnxruntime';
import { channelsFirst } from '../core/tensor';

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
    const data = toChannelsFirst(input, n, graph.inputShape);
    const found = await session.run({ input: { shape: [n, ...channelsFirst(graph.inputShape)], data } });
    return new Map(
      graph.layers.map(({ name, outputShape }) => [
        name,
        toChannelsLast(found.get(name)?.data ?? new Float32Array(0), n, outputShape),
      ]),
    );
  } finally {
    await session.release();
  }
}
