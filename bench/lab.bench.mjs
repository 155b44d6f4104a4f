// A change of a kernel in the course: the engine in its worker thread filters a 512 × 512 picture of three channels with a
// 5 × 5 kernel, and its three layers come back. Wall clock, and processor time of both threads, which a busy machine changes
// less; median of 40 after a warm-up. What the window then paints is not in it.
import { call, close } from './engine-worker.mjs';

const SIDE = 512;
const SIZE = 5;
const ROUNDS = 40;

const pixels = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * 7919) % 256);
const picture = { width: SIDE, height: SIDE, channels: 3, pixels };
const times = [];
const used = [];
/** Milliseconds of processor time of all threads so far. */
const spent = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
for (let i = -5; i < ROUNDS; i++) {
  const weights = Array.from({ length: SIZE * SIZE }, (_, k) => ((k + i + 5) % 7) - 3);
  const [start, before] = [performance.now(), spent()];
  const { conv } = await call('filter', { picture, size: SIZE, weights });
  if (conv.data.length !== pixels.length) throw new Error(`found ${conv.data.length} values`);
  if (i < 0) continue;
  times.push(performance.now() - start);
  used.push(spent() - before);
}
for (const list of [times, used]) list.sort((a, b) => a - b);
console.log(
  `${SIDE} × ${SIDE} × 3, kernel ${SIZE} × ${SIZE}: median ${times[ROUNDS >> 1].toFixed(1)} ms, fastest ${times[0].toFixed(1)}, slowest ${times.at(-1).toFixed(1)}; processor ${used[ROUNDS >> 1].toFixed(1)} ms`,
);
close();
