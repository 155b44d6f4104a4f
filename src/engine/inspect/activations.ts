import { asMap } from '../../core/geometry';
import type { Graph } from '../../core/model/graph';
import { channelsFirst, type FeatureShape } from '../../core/tensor';

/** The input and every layer's output for one picture, as the core has them: `[H, W, C]` or `[C]`, float32. */
export class Activations {
  /** @param layers in the graph's order. */
  constructor(
    readonly graph: Graph,
    readonly input: Float32Array,
    readonly layers: readonly Float32Array[],
  ) {}

  get bytes(): number {
    return this.layers.reduce((sum, data) => sum + data.byteLength, this.input.byteLength);
  }

  /** Layer −1 is the input. */
  shape(layer: number): FeatureShape {
    return layer < 0 ? this.graph.inputShape : this.graph.layers[layer].outputShape;
  }

  data(layer: number): Float32Array {
    return layer < 0 ? this.input : this.layers[layer];
  }

  /** One channel's map, `[H, W]`; of flat features one number. */
  map(layer: number, channel: number): Float32Array {
    const [height, width, channels] = asMap(this.shape(layer));
    const data = this.data(layer);
    const map = new Float32Array(height * width);
    for (let i = 0; i < map.length; i++) map[i] = data[i * channels + channel];
    return map;
  }

  /** The whole output in the order of files: `[C, H, W]` or `[C]`. */
  channelsFirst(layer: number): { shape: number[]; data: Float32Array } {
    const shape = this.shape(layer);
    const [height, width, channels] = asMap(shape);
    const from = this.data(layer);
    const area = height * width;
    const data = new Float32Array(from.length);
    for (let p = 0; p < area; p++) {
      for (let c = 0; c < channels; c++) data[c * area + p] = from[p * channels + c];
    }
    return { shape: channelsFirst(shape), data };
  }
}
