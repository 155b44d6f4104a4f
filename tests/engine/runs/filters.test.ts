import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../../src/core/model/build';
import { initParams } from '../../../src/core/model/init';
import { ReferenceExecutor } from '../../../src/core/backends/reference/executor';
import { firstFilters } from '../../../src/engine/train/first-filters';

describe("the first layer's filters", () => {
  it.each([
    ['a dense layer', [{ kind: 'flatten' }, { kind: 'dense', units: 3, bias: false }]],
    ['a convolution', [{ kind: 'conv', filters: 3, kernel: [2, 3], bias: false }]],
  ])('of %s say what each unit makes of each pixel and channel', (_name, layers) => {
    const [height, width, channels, units] = [2, 3, 2, 3];
    const graph = buildGraph({ input: { height, width, channels }, layers });
    const params = initParams(graph, 1);
    const filters = firstFilters(graph, params, 7)!;
    expect(filters).toMatchObject({ shape: [units, channels, height, width], step: 7 });
    const executor = new ReferenceExecutor(graph);
    executor.setParams(params);
    const weights: number[] = [];
    for (let pixel = 0; pixel < height * width * channels; pixel++) {
      // One channel of one pixel is lit: what a unit says is its weight there.
      const picture = new Float32Array(height * width * channels);
      picture[pixel] = 1;
      executor.forward(picture, 1);
      const said = executor.activation(graph.layers.length - 1);
      const [place, channel] = [Math.floor(pixel / channels), pixel % channels];
      for (let o = 0; o < units; o++) weights[(o * channels + channel) * height * width + place] = said[o];
    }
    expect(filters.absMax).toBe(Math.max(...weights.map(Math.abs)));
    // To the nearest of the steps that a byte has.
    expect([...filters.data]).toEqual(weights.map((weight) => Math.round((127 / filters.absMax) * weight) + 0));
  });

  it('are 64 at most, and fewer where they are large', () => {
    const shown = (side: number): number => {
      const input = { height: side, width: side, channels: 3 };
      const graph = buildGraph({ input, layers: [{ kind: 'flatten' }, { kind: 'dense', units: 100 }] });
      return firstFilters(graph, initParams(graph, 1, 'zeros'), 0)!.shape[0];
    };
    expect(shown(8)).toBe(64);
    expect(shown(64)).toBe(21);
  });

  it('are none where nothing has any', () => {
    const graph = buildGraph({ input: { height: 4, width: 4, channels: 1 }, layers: [{ kind: 'flatten' }] });
    expect(firstFilters(graph, new Map(), 0)).toBeNull();
  });
});
