// A head on EfficientNet-Lite0: how right it is after 10 photos a class, how long that takes from the folder on, and 1,000 photos beside the bare
// onnxruntime forward of as many. Times are wall clock and processor time of this process: the second hardly depends on what else runs.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { createServer } from 'vite';
import { root } from '../scripts/lib/built.mjs';

const [PHOTOS, BATCH, MODEL] = [1000, 8, 'efficientnet-lite0'];
const photos = join(root, '..', 'shared', 'data', 'cats-dogs');
if (!existsSync(photos)) {
  console.warn(`skipped: no ${photos}`);
  process.exit(0);
}
const scratch = mkdtempSync(join(tmpdir(), 'convscope-head-'));
process.env.CONVSCOPE_DATA = join(scratch, 'app');
const server = await createServer({
  root,
  configFile: false,
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
});
const load = (file) => server.ssrLoadModule(`/src/engine/${file}.ts`);
const [{ trainHead }, { loadRuntime }, { defaultThreads }, { modelNamed, networkBytes }] = await Promise.all(
  ['head/head-run', 'runtime/onnxruntime', 'runtime/executor', 'models/models'].map(load),
);
const threads = defaultThreads();

/** What some work takes, in seconds. */
async function timed(work) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

/** Trains a head; `phases` is when each began, in seconds. */
async function head(data, out) {
  const [start, phases] = [performance.now(), {}];
  const host = {
    say: () => undefined,
    progress: ({ phase }) => (phases[phase] ??= ((performance.now() - start) / 1000).toFixed(1)),
    signal: new AbortController().signal,
  };
  const found = await timed(() =>
    trainHead({ body: MODEL, data, out: join(scratch, out), overwrite: false, threads, options: {} }, host),
  );
  return { ...found, phases, record: found.result.record };
}

const { bytes } = await networkBytes(await modelNamed(MODEL));
const ort = await loadRuntime();
const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: threads, interOpNumThreads: 1 });
const pixels = Float32Array.from({ length: BATCH * 3 * 224 * 224 }, (_, i) => Math.sin(i));
const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', pixels, [BATCH, 3, 224, 224]) };
/** The forward pass of so many photos that are decoded already. */
const forward = (count) =>
  timed(async () => {
    for (let done = 0; done < count; done += BATCH) await session.run(feeds);
  });

try {
  const ten = join(scratch, 'ten');
  const rows = [];
  for (const kind of ['cats', 'dogs']) {
    const own = readdirSync(join(photos, 'train', kind)).sort();
    mkdirSync(join(ten, 'train', kind), { recursive: true });
    for (const name of own.slice(0, 10)) cpSync(join(photos, 'train', kind, name), join(ten, 'train', kind, name));
    cpSync(join(photos, 'val', kind), join(ten, 'test', kind), { recursive: true });
    mkdirSync(join(scratch, 'many', kind), { recursive: true });
    for (let i = 0; i < PHOTOS / 2; i++) {
      const picture = sharp(readFileSync(join(photos, 'train', kind, own[i % own.length])));
      // Each photo again and again, a little brighter, so that no two are the same.
      await picture
        .modulate({ brightness: 1 + 0.05 * Math.floor(i / own.length) })
        .toFile(join(scratch, 'many', kind, `${i}.jpg`));
    }
  }
  const few = await head(ten, 'run-ten');
  const { accuracy } = few.record.result;
  console.log(
    `10 photos a class: ${(100 * accuracy.test).toFixed(1)} % of ${few.record.data.samples.test} others right, ` +
      `${few.wall.toFixed(1)} s from the folder on (the others among them), ${few.cpu.toFixed(1)} s of processor time`,
    few.phases,
  );
  await forward(4 * BATCH);
  const before = await forward(PHOTOS / 2);
  const many = await head(join(scratch, 'many'), 'run-many');
  const after = await forward(PHOTOS / 2);
  const bare = { wall: before.wall + after.wall, cpu: before.cpu + after.cpu };
  const again = await timed(() => head(join(scratch, 'many'), 'run-again'));
  for (const [name, { wall, cpu }] of Object.entries({ 'bare forward': bare, head: many, 'head, values kept': again }))
    rows.push({
      name,
      'wall s': wall.toFixed(1),
      ratio: (wall / bare.wall).toFixed(2),
      'processor s': cpu.toFixed(1),
      'its ratio': (cpu / bare.cpu).toFixed(2),
    });
  console.table(rows);
  console.log(
    `phases of the head began at`,
    many.phases,
    `load average ${loadavg()[0].toFixed(1)}, ${threads} threads`,
  );
} finally {
  await session.release();
  await server.close();
  rmSync(scratch, { recursive: true, force: true });
}
