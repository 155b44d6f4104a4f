import type { BackwardContext, Call, ForwardContext } from '../../../layers/layer';
import { gather, scatter, type Layout } from '../layout';
import { LANES, open, uses } from '../access';
import { errors } from '../values';
import type { Lower } from './lowering';

/**
 * Runs the layer's own reference code on copies of its tensors, so that a new layer works before it has a kernel. Parameters are not
 * copied, nor are their gradients, so both must be packed plainly.
 */
export const lowerFallback: Lower = (node, context) => {
  const { memory, store, run } = context;
  const { spec } = node;
  const { x: inputs, y: output, dy, dx: gradients } = open(node, context.plan, uses(LANES));
  const names = spec.params.map((param) => param.name);
  const floats = (address: number, count: number): Float32Array => new Float32Array(memory.buffer, address, count);
  const copyOut = (layout: Layout, address: number, count: number): Float32Array => {
    const copy = new Float32Array(count * layout.height * layout.width * layout.channels);
    gather(layout, floats(address, count * layout.image), count, copy);
    return copy;
  };
  const sizeOf = (name: string): number =>
    spec.params.find((param) => param.name === name)?.shape.reduce((a, b) => a * b, 1) ?? 0;

  const forward = (first: number, count: number): Call<ForwardContext<Float32Array>> => {
    const draw = run.draw && {
      ...run.draw,
      samples: Array.from({ length: count }, (_, i) => run.draw?.samples[first + i] ?? 0),
    };
    const state: Call<ForwardContext<Float32Array>> = {
      n: count,
      params: names.map((name) => floats(store.find(node.layer, name).address, sizeOf(name))),
      training: run.training,
      ...(draw && { draw: { ...draw, layer: node.layer } }),
      saved: {},
      x: inputs.map((x) => copyOut(x.layout, x.address + first * x.layout.image * 4, count)),
      y: new Float32Array(count * output.layout.height * output.layout.width * output.layout.channels),
    };
    spec.forward(state);
    return state;
  };

  return {
    local: {
      forward(first, count) {
        const state = forward(first, count);
        const { layout, address } = output;
        scatter(layout, state.y, count, floats(address + first * layout.image * 4, count * layout.image));
      },
      backward(first, count) {
        if (!dy) return;
        // Once more: another thread may have run forward for this shard.
        const state = forward(first, count);
        const start = (gradient: typeof dy): number => errors(gradient, first, first) - gradient.layout.offset * 4;
        const dx = gradients.map((gradient, i) => (gradient ? new Float32Array(state.x[i].length) : undefined));
        const backward: Call<BackwardContext<Float32Array>> = {
          ...state,
          dy: copyOut(dy.layout, start(dy), count),
          dx,
          dParams: names.map((name) => {
            const param = store.find(node.layer, name);
            return param.spec.trainable
              ? floats(param.gradient + run.shard * store.shardStride, sizeOf(name))
              : undefined;
          }),
        };
        spec.backward(backward);
        gradients.forEach((gradient, i) => {
          const values = dx[i];
          if (!gradient || !values) return;
          const target = floats(start(gradient), count * gradient.layout.image);
          scatter(gradient.layout, values, count, target, gradient.joined);
        });
      },
    },
  };
};
