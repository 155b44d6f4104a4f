import type { ElementTypeName } from '../../core/onnx/proto';
import type { TensorValue } from '../../core/onnx/tensor-data';
import { elementTypes } from '../../core/onnx-graph/element-types';
import type { OnnxNetwork } from '../../core/onnx-graph/network';
import { FailureError } from '../../shared/failures';
import type { Message } from '../../words';
import { readTensor } from './external-data';
import type { NetworkRunner, Timed } from './runner';
import type { NetworkFile } from './network-file';
import type { TensorInfo } from './runner-values';

/** What gives out a network's values, or says why it cannot. */
export interface ValueSource extends Pick<
  NetworkRunner,
  | 'name'
  | 'network'
  | 'inputs'
  | 'tensors'
  | 'run'
  | 'timed'
  | 'bytesOf'
  | 'weight'
  | 'sizesOf'
  | 'computedBy'
  | 'close'
> {
  /** Why nothing can be computed; null where it can. */
  readonly refused: Message | null;
}

/** A network that cannot be computed: its graph, types and shapes as the file has them, and its weights. */
export class GraphOnly implements ValueSource {
  readonly inputs: readonly TensorInfo[];
  readonly tensors: ReadonlyMap<string, TensorInfo>;

  constructor(
    private readonly file: NetworkFile,
    readonly network: OnnxNetwork,
    readonly refused: Message,
  ) {
    const { graph } = network;
    const types = elementTypes(graph);
    const infoOf = (name: string): TensorInfo => ({
      name,
      type: types.get(name) ?? null,
      as: null,
      dims: graph.values.get(name)?.dims ?? null,
      unavailable: refused,
    });
    this.inputs = graph.inputs.map(infoOf);
    const made = graph.nodes.flatMap(({ outputs }) => outputs.filter(Boolean));
    this.tensors = new Map([...new Set([...made, ...graph.outputs])].map((name) => [name, infoOf(name)]));
  }

  get name(): string {
    return this.file.name;
  }

  async run(inputs: ReadonlyMap<string, TensorValue>, wanted: readonly string[]): Promise<Map<string, TensorValue>> {
    return (await this.timed(inputs, wanted)).found;
  }

  timed(_inputs: ReadonlyMap<string, TensorValue>, wanted: readonly string[]): Promise<Timed> {
    if (wanted.length === 0) return Promise.resolve({ found: new Map(), milliseconds: 0 });
    return Promise.reject(new FailureError('model.invalid', { file: this.file.name, reason: this.refused }));
  }

  bytesOf(): null {
    return null;
  }

  weight(name: string): Promise<TensorValue> {
    return readTensor(this.file.name, this.network.graph.initializers.get(name)!, this.file.folder);
  }

  sizesOf(): Map<string, number> {
    return new Map();
  }

  readonly computedBy = { provider: 'cpu', instead: null } as const;

  close(): void {}
}

/** An input of no elements: nothing is computed of it. */
export const nothing = ({ type }: TensorInfo): { type: ElementTypeName; data: Float32Array; shape: number[] } => ({
  type: (type ?? 'float32') as ElementTypeName,
  data: new Float32Array(0),
  shape: [0],
});
