import type { Node } from '../fuse';
import { errors, pixels } from '../values';
import { biasOf, convPlan, inputBlock, openConv } from './conv-common';
import { shardGradient, type Lowering, type Preparation } from './lowering';
import type { GradientWriter } from './gradient-writer';

/** Tiles that go through the transforms together: V and M of this many stay in the second-level cache. */
const TILES = 48;

export interface Winograd {
  readonly prepare: readonly Preparation[];
  forward(first: number, count: number): void;
  backward(first: number, count: number, padded: GradientWriter | null): void;
  endShard(): void;
}

/** Bytes from one matrix of the Winograd domain to the next: never a power of two, or all would share cache sets. */
function stride(floats: number): number {
  return ((floats * 4 + 63) & ~63) + 64;
}

/**
 * 3×3 convolution in the Winograd domain, block of tiles by block: transform, n² small GEMMs, transform back. dU adds up
 * over a shard and becomes dW at its end.
 */
export function winograd(node: Node, context: Lowering): Winograd {
  const plan = convPlan(node, context);
  const { k, store, shared, own } = context;
  const { channels, filters, outHeight, outWidth, tile } = plan;
  const matrices = (tile + 2) ** 2;
  const tilesHigh = Math.ceil(outHeight / tile);
  const tilesWide = Math.ceil(outWidth / tile);
  const perImage = tilesHigh * tilesWide;
  // Several small images in one block, or a large one in several.
  const imagesPerBlock = Math.max(1, Math.floor(TILES / perImage));
  const rowsPerBlock = perImage <= TILES ? tilesHigh : Math.ceil(tilesHigh / Math.ceil(perImage / TILES));
  const most = imagesPerBlock * rowsPerBlock * tilesWide + 4;
  const vStride = stride(most * channels);
  const mStride = stride(most * filters);
  const uStride = stride(filters * channels);

  const { x, y, dy, dx } = openConv(node, context);
  const weight = store.find(node.layer, 'weight');
  const bias = biasOf(node, context).address;
  const relu = node.relu ? 1 : 0;
  const v = own.scratch(matrices * (vStride + mStride));
  const m = v + matrices * vStride;
  const u = shared.bytes(matrices * uStride);
  const transposed = dx ? shared.bytes(matrices * uStride) : 0;
  const du = dy ? own.bytes(matrices * uStride) : 0;
  const at = inputBlock(x, plan);

  const four = tile === 4;
  const input = four ? k.winogradInput4 : k.winogradInput2;
  const output = four ? k.winogradOutput4 : k.winogradOutput2;
  const outputGradient = four ? k.winogradOutputGradient4 : k.winogradOutputGradient2;
  const inputGradient = four ? k.winogradInputGradient4 : k.winogradInputGradient2;
  const weights = four ? k.winogradWeights4 : k.winogradWeights2;
  const weightGradient = four ? k.winogradWeightGradient4 : k.winogradWeightGradient2;

  /** Calls `visit` for every block: images [i, i + images), tile rows [row, row + rows). */
  const eachBlock = (
    first: number,
    count: number,
    visit: (i: number, images: number, row: number, rows: number) => void,
  ): void => {
    for (let i = first; i < first + count; i += imagesPerBlock) {
      const images = Math.min(imagesPerBlock, first + count - i);
      for (let row = 0; row < tilesHigh; row += rowsPerBlock)
        visit(i, images, row, Math.min(rowsPerBlock, tilesHigh - row));
    }
  };
  const xRow = x.layout.row;
  const transformInput = (i: number, images: number, row: number, rows: number): void => {
    for (let j = 0; j < images; j++) {
      const from = at(i + j) + row * tile * xRow * 4;
      input({
        x: from,
        xRow,
        channels,
        tilesHigh: rows,
        tilesWide,
        v: v + j * rows * tilesWide * channels * 4,
        vStride,
      });
    }
  };

  const prepare: Preparation[] = [
    {
      cost: 7 * matrices * channels * filters,
      forward: true,
      run(backward) {
        weights({ weights: weight.address, channels, filters, u, uStride });
        if (backward && transposed)
          k.transposePanels({
            count: matrices,
            panels: u,
            panelStride: uStride,
            inputs: channels,
            outputs: filters,
            transposed,
            transposedStride: uStride,
          });
      },
    },
  ];
  return {
    prepare,
    forward(first, count) {
      eachBlock(first, count, (i, images, row, rows) => {
        const tiles = images * rows * tilesWide;
        transformInput(i, images, row, rows);
        k.winogradGemm({
          from: 0,
          to: matrices,
          tiles,
          depth: channels,
          outputs: filters,
          v,
          vStride,
          u,
          uStride,
          m,
          mStride,
        });
        for (let j = 0; j < images; j++) {
          const from = m + j * rows * tilesWide * filters * 4;
          const to = pixels(y, i + j) + row * tile * y.layout.row * 4;
          output({
            m: from,
            mStride,
            filters,
            tilesHigh: rows,
            tilesWide,
            outHeight: outHeight - row * tile,
            outWidth,
            bias,
            y: to,
            yRow: y.layout.row,
            relu,
          });
        }
      });
    },
    backward(first, count, padded) {
      if (!dy) return;
      padded?.begin(first, count);
      eachBlock(first, count, (i, images, row, rows) => {
        const tiles = images * rows * tilesWide;
        transformInput(i, images, row, rows);
        for (let j = 0; j < images; j++) {
          const from = errors(dy, i + j, first) + row * tile * dy.layout.row * 4;
          outputGradient({
            x: from,
            xRow: dy.layout.row,
            channels: filters,
            tilesHigh: rows,
            tilesWide,
            v: m + j * rows * tilesWide * filters * 4,
            vStride: mStride,
          });
        }
        // Matrix by matrix, so that Y is still in the cache for the second GEMM, which may overwrite V.
        for (let xi = 0; xi < matrices; xi++) {
          k.winogradGemmGradient({
            from: xi,
            to: xi + 1,
            tiles,
            channels,
            filters,
            v,
            vStride,
            y: m,
            yStride: mStride,
            du,
            duStride: uStride,
          });
          if (padded)
            k.winogradGemm({
              from: xi,
              to: xi + 1,
              tiles,
              depth: filters,
              outputs: channels,
              v: m,
              vStride: mStride,
              u: transposed,
              uStride,
              m: v,
              mStride: vStride,
            });
        }
        if (!padded) return;
        for (let j = 0; j < images; j++) {
          const to = padded.at(i + j, first) + row * tile * padded.row * 4;
          inputGradient({
            m: v + j * rows * tilesWide * channels * 4,
            mStride: vStride,
            channels,
            tilesHigh: rows,
            tilesWide,
            dx: to,
            dxRow: padded.row,
          });
        }
      });
      padded?.end(first, count);
    },
    endShard() {
      weightGradient({ du, duStride: uStride, channels, filters, dWeights: shardGradient(context, weight.gradient) });
    },
  };
}
