import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LayerSpec } from '../../../src/core/model/spec';
import type { TrainRequest } from '../../../src/engine/train/request';
import type { RunRecord } from '../../../src/engine/train/run-record';
import { plain, put } from '../data-sets/pictures';
import { quietTrain } from '../train/helpers';

/** Sets this file's runs, lists and decoded pictures apart, below a folder. */
export function apart(root: string): void {
  process.env.CONVSCOPE_CACHE = join(root, 'cache');
  process.env.CONVSCOPE_DATA = join(root, 'data');
}

const CLASSES = { 红: [1, 0, 0], 绿: [0, 1, 0], '🔵': [0, 0, 1] };

/** Color and side of square `i` of a class. @param draw another gives other pictures. */
export function shade(
  name: keyof typeof CLASSES,
  i: number,
  draw = 0,
): [red: number, green: number, blue: number, side: number] {
  const [light, other] = [60 + ((i * 37 + draw) % 190), (i * 53 + draw) % 180];
  const [r, g, b] = CLASSES[name].map((own) => (own ? light : other));
  return [r, g, b, 6 + (i % 5)];
}

/** Red, green and blue squares of many shades and sizes, `each` of a class. */
export async function shades(folder: string, each: number, prefix = '', draw = 0): Promise<void> {
  for (const name of Object.keys(CLASSES) as (keyof typeof CLASSES)[])
    for (let i = 0; i < each; i++) put(folder, `${prefix}${name}/图 ${i}.png`, await plain(...shade(name, i, draw)));
}

/** A small network; `channels` 1 is gray. */
const layers: LayerSpec[] = [
  { kind: 'conv', filters: 4, kernel: 3, padding: 1 },
  { kind: 'relu' },
  { kind: 'maxpool', size: 2 },
  { kind: 'flatten' },
  { kind: 'dense', units: 3 },
];

/** Trains a small network on `side` × `side` into the folder of run `id`. */
export async function trainRun(
  id: string,
  data: string,
  { side = 8, channels = 3, ...request }: Partial<TrainRequest> & { side?: number; channels?: number } = {},
): Promise<RunRecord> {
  const runs = join(process.env.CONVSCOPE_DATA!, 'runs');
  mkdirSync(runs, { recursive: true });
  const spec = join(runs, `${id}.json`);
  writeFileSync(spec, JSON.stringify({ input: { height: side, width: side, channels }, layers }));
  const { record } = await quietTrain({
    out: join(runs, id),
    data,
    model: spec,
    title: `run ${id}`,
    ...request,
    options: { epochs: 2, batch: 8, ...request.options },
  });
  return record;
}
