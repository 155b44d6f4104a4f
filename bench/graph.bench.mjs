// Reading, folding and placing the graphs of the onnx package's classic architectures, and graphs of 100, 1,000 and 10,000 boxes:
// median of the rounds, in milliseconds, one thread. The sources are taken as they are, so that nothing else runs beside.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';
import { root } from '../scripts/lib/built.mjs';

const ROUNDS = 7;
const BOX = { width: 120, height: 32 };

const server = await createServer({
  root,
  configFile: false,
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
});
const load = (file) => server.ssrLoadModule(`/src/core/onnx-graph/${file}.ts`);
const [{ readNetwork }, { foldGraph }, { blocksOf, repetitionsOf }, { layOut }] = await Promise.all(
  ['network', 'fold', 'blocks', 'layout'].map(load),
);

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
function timed(work) {
  const times = [];
  let result;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    result = work();
    times.push(performance.now() - start);
  }
  return [result, median(times)];
}

const light = join(root, '..', 'shared', 'data', 'onnx-light');
const rows = [];
if (!existsSync(light)) console.warn(`skipped: the classic architectures (no ${light})`);
else
  for (const name of ['squeezenet', 'resnet50', 'inception_v2', 'densenet121']) {
    const bytes = readFileSync(join(light, `light_${name}.onnx`));
    const [{ graph }, reading] = timed(() => readNetwork(bytes));
    const [folded, folding] = timed(() => foldGraph(graph));
    const [, finding] = timed(() => repetitionsOf(blocksOf(graph, folded)));
    const [, placing] = timed(() =>
      layOut(
        folded.boxes.map(() => BOX),
        folded.edges,
      ),
    );
    rows.push({ name, nodes: graph.nodes.length, boxes: folded.boxes.length, reading, folding, finding, placing });
  }
// A chain with a skip every third box, as residual networks have.
for (const count of [100, 1000, 10_000]) {
  const edges = [];
  for (let to = 1; to < count; to++) {
    edges.push({ from: to - 1, to });
    if (to % 3 === 0) edges.push({ from: to - 3, to });
  }
  const [, placing] = timed(() => layOut(Array(count).fill(BOX), edges));
  rows.push({ name: `residual ${count}`, nodes: count, boxes: count, placing });
}
// Branches of all lengths: the worst that is drawn.
for (const count of [100, 1000, 10_000]) {
  let seed = 1;
  const draw = (most) => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % most;
  const edges = [];
  for (let to = 1; to < count; to++) edges.push({ from: Math.max(0, to - 1 - draw(40)), to });
  for (let to = 2; to < count; to += 2) edges.push({ from: draw(to - 1), to });
  const [, placing] = timed(() => layOut(Array(count).fill(BOX), edges));
  rows.push({ name: `branches ${count}`, nodes: count, boxes: count, placing });
}
console.table(
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [
        key,
        typeof value === 'number' && !Number.isInteger(value) ? Number(value.toFixed(1)) : value,
      ]),
    ),
  ),
);
await server.close();
