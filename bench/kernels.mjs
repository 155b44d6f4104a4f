// node bench/kernels.mjs [rounds]: GFLOP/s of the convolution and dense kernels, one thread, and of Winograd's F(4×4, 3×3)
// against the direct kernel on the same layer. 2 per multiply-add of the direct method. Rounds of all cases take turns and
// the best counts: figures of one run compare with each other, not with another machine's.
import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
import { buildKernels } from '../scripts/build-kernels.mjs';

const rounds = Number(process.argv[2] ?? 5);
const paths = await buildKernels();
const relaxed = readFileSync(paths.relaxed);
if (!WebAssembly.validate(relaxed)) v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
const memory = new WebAssembly.Memory({ initial: 4096, maximum: 65536, shared: true });
const kernels = new WebAssembly.Instance(new WebAssembly.Module(relaxed), { env: { memory, abort() {} } }).exports;

let next = 1 << 20;
/** Room for `count` floats, filled with small values: no denormals, no zeros. */
function floats(count) {
  const pointer = next;
  next = (next + count * 4 + 4096) & ~63;
  new Float32Array(memory.buffer, pointer, count).forEach((_, i, all) => (all[i] = ((i % 13) - 6) / 16));
  return pointer;
}
kernels.setScratch(floats(1 << 14));

/** [channels, filters, size of the output, kernel] as in LeNet-5, the Keras-like and the CIFAR-like network. */
const CONVOLUTIONS = [
  [6, 16, 10, 5],
  [3, 32, 32, 3],
  [32, 32, 30, 3],
  [32, 64, 15, 3],
  [64, 64, 12, 3],
  [128, 128, 8, 3],
];
const DENSE = [
  [64, 2304, 504],
  [64, 400, 120],
];

const cases = [];
const add = (layer, what, flops, run) => cases.push({ layer, what, flops, run, best: Infinity });

for (const [c, o, size, k] of CONVOLUTIONS) {
  const layer = `conv ${k}×${k} ${c}→${o}, ${size}×${size}`;
  const flops = 2 * size * size * o * c * k * k;
  const input = size + k - 1;
  const [x, y, w, b] = [floats(input * input * c), floats(size * size * o), floats(k * k * c * o), floats(o)];
  add(layer, 'forward', flops, () =>
    kernels.convForward(x, input * c, c, k, k, size, size, w, b, o, y, size * o, 1, 0),
  );
  const dw = floats(k * k * c * o);
  add(layer, 'dW', flops, () => kernels.convWeightGradient(x, input * c, c, k, k, size, size, dw, o, y, size * o));
  const turned = Math.ceil(c / 8) * 8;
  const [rotated, halo, dx] = [floats(k * k * o * turned), floats((input + k - 1) ** 2 * o), floats(input * input * c)];
  add(layer, 'dX', flops, () =>
    kernels.convForward(halo, (input + k - 1) * o, o, k, k, input, input, rotated, 0, c, dx, input * c, 0, k - 1),
  );
  if (k !== 3 || c < 16) continue;
  const tiles = Math.ceil(size / 4) ** 2;
  const side = Math.ceil(size / 4);
  const stride = (depth) => (tiles + 4) * depth * 4 + 64;
  const us = c * o * 4 + 64;
  const [big, bigY] = [floats((4 * side + 2) ** 2 * c), floats((4 * side) ** 2 * o)];
  const [u, ut, du, v, m] = [us, us, us, stride(c), stride(o)].map((bytes) => floats(9 * bytes));
  kernels.winogradWeights4(w, c, o, u, us);
  kernels.transposePanels(36, u, us, c, o, ut, us);
  add(layer, 'Winograd forward', flops, () => {
    kernels.winogradInput4(big, (4 * side + 2) * c, c, side, side, v, stride(c));
    kernels.winogradGemm(0, 36, tiles, c, o, v, stride(c), u, us, m, stride(o));
    kernels.winogradOutput4(m, stride(o), o, side, side, size, size, b, y, size * o, 1);
  });
  add(layer, 'Winograd dW + dX', 2 * flops, () => {
    kernels.winogradInput4(big, (4 * side + 2) * c, c, side, side, v, stride(c));
    kernels.winogradOutputGradient4(bigY, 4 * side * o, o, side, side, m, stride(o));
    kernels.winogradGemmGradient(0, 36, tiles, c, o, v, stride(c), m, stride(o), du, us);
    kernels.winogradGemm(0, 36, tiles, o, c, m, stride(o), ut, us, v, stride(c));
    kernels.fillZero(big, (4 * side + 2) ** 2 * c * 4);
    kernels.winogradInputGradient4(v, stride(c), c, side, side, big, (4 * side + 2) * c);
  });
}
for (const [batch, inputs, outputs] of DENSE) {
  const layer = `dense ${inputs}→${outputs}, batch ${batch}`;
  const flops = 2 * batch * inputs * outputs;
  const [x, y, w, b] = [batch * inputs, batch * outputs, (inputs + 8) * outputs, outputs].map(floats);
  const [dw, wt, work] = [inputs * outputs, (inputs + 8) * outputs, batch * (inputs + 8) + 16].map(floats);
  add(layer, 'forward', flops, () => kernels.denseForward(x, batch, inputs, w, b, outputs, y, outputs, 1));
  add(layer, 'dW', flops, () => kernels.denseWeightGradient(x, batch, inputs, y, outputs, outputs, dw, work, 1, 0));
  add(layer, 'transpose + dX', flops, () => {
    kernels.transposePanels(1, w, 0, inputs, outputs, wt, 0);
    kernels.denseForward(y, batch, outputs, wt, 0, inputs, x, inputs, 0);
  });
}

const MILLISECONDS = 20;
for (let round = 0; round <= rounds; round++) {
  for (const entry of cases) {
    const start = performance.now();
    let runs = 0;
    do {
      entry.run();
      runs++;
    } while (performance.now() - start < MILLISECONDS);
    // The first round lets the engine compile.
    if (round > 0) entry.best = Math.min(entry.best, (performance.now() - start) / runs);
  }
}
for (const { layer, what, flops, best } of cases) {
  const direct = cases.filter((other) => other.layer === layer && ['dW', 'dX'].includes(other.what));
  const base =
    what === 'Winograd forward'
      ? cases.find((c) => c.layer === layer).best
      : direct.reduce((sum, c) => sum + c.best, 0);
  const gain = what.startsWith('Winograd') ? `  ${(base / best).toFixed(2)} × direct` : '';
  console.log(`${layer.padEnd(28)} ${what.padEnd(17)} ${(flops / best / 1e6).toFixed(1).padStart(6)} GFLOP/s${gain}`);
}
