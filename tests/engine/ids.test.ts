import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeModel } from '../../src/core/onnx/write';
import { createEngine, type OpenEngine } from '../../src/engine/engine';
import { Decoder } from '../../src/engine/image/decoder';
import { resource } from '../../src/engine/system/root';
import { FailureError } from '../../src/shared/failures';
import type { Method, Params } from '../../src/shared/protocol';
import type { NetworkChoice } from '../../src/shared/network-choice';
import { buildDecoder } from './image/decoder-script';
import { plainSpec, randomModel } from '../core/onnx/models';

/** Stands in every file that no call may open: no answer may hold it. */
const SECRET = 'quite-secret-5519';

const folder = mkdtempSync(join(tmpdir(), 'convscope-ids-'));
const files = {
  model: join(folder, 'secret.onnx'),
  spec: join(folder, 'secret.json'),
  text: join(folder, 'text.json'),
  run: join(folder, 'secret-run'),
};
let engine: OpenEngine;
let before: (string | undefined)[];

beforeAll(async () => {
  before = [process.env.CONVSCOPE_DATA, process.env.CONVSCOPE_CACHE];
  process.env.CONVSCOPE_DATA = join(folder, 'data');
  process.env.CONVSCOPE_CACHE = join(folder, 'cache');
  const model = randomModel(plainSpec);
  const bytes = writeModel({ ...model, metadata: { ...model.metadata, title: SECRET } });
  writeFileSync(files.model, bytes);
  writeFileSync(files.spec, JSON.stringify({ ...plainSpec, layers: [{ kind: 'relu', name: SECRET }] }));
  writeFileSync(files.text, `${SECRET}:x:0:0`);
  mkdirSync(join(folder, 'data', 'runs'), { recursive: true });
  mkdirSync(files.run);
  writeFileSync(join(files.run, 'model.onnx'), bytes);
  writeFileSync(join(files.run, 'run.json'), `{"format":1,"title":"${SECRET}"}`);
  engine = createEngine({ open: { model: null, image: null } }, new Decoder(await buildDecoder('ids')));
});
afterAll(() => {
  engine.close();
  [process.env.CONVSCOPE_DATA, process.env.CONVSCOPE_CACHE] = before;
  rmSync(folder, { recursive: true, force: true });
});

const network = (id: string, kind: NetworkChoice['source']['kind']): NetworkChoice => ({
  source: { kind, id },
  variant: 'itself',
});
const bundled = network('mnist-cnn', 'bundled');
const contender = { kind: 'bundled', id: 'shapes-cnn' } as const;
const job = 'ids';
const bytes = new Uint8Array(1);

/** Every place where a method takes an id. A method that is missing here fails to compile; null: it takes none. */
const places: { [M in Method]: null | ((id: string) => Params<M>)[] } = {
  start: null,
  classics: null,
  modelOpened: null,
  settings: null,
  changeSettings: null,
  openModel: [(id) => ({ source: { kind: 'bundled', id } }), (id) => ({ source: { kind: 'run', id } })],
  samplePicture: [(id) => ({ id })],
  planes: [(id) => ({ image: { kind: 'sample', id }, side: 8, channels: 1 })],
  race: null,
  filter: null,
  inspect: [(id) => ({ model: model, image: { kind: 'sample', id }, options: {} })],
  glance: [(id) => ({ model: model, image: { kind: 'sample', id }, options: {} })],
  thumbnails: null,
  values: null,
  mapDetails: null,
  npy: null,
  kernels: null,
  kernelNorms: null,
  nodes: null,
  explain: null,
  verify: null,
  takeIn: null,
  keepPicture: null,
  keepLabels: null,
  modelFile: null,
  cancel: null,
  dataSets: null,
  forgetData: [(data) => ({ data })],
  survey: [
    (data) => ({ data, network: bundled, job }),
    // In a process of its own: looked up before anything is read.
    (id) => ({ data: 'builtin:shapes', network: network(id, 'bundled'), job }),
    (id) => ({ data: 'builtin:shapes', network: network(id, 'body'), job }),
  ],
  beginUpload: null,
  upload: [(upload) => ({ upload, path: 'a.png', bytes })],
  endUpload: [(upload) => ({ upload })],
  cancelUpload: null,
  recipes: null,
  describeNetwork: [
    (id) => ({ network: network(id, 'bundled'), classes: null }),
    (id) => ({ network: network(id, 'recipe'), classes: 7 }),
    (id) => ({ network: network(id, 'body'), classes: 7 }),
  ],
  runs: null,
  startRun: [
    (data) => ({ title: 'a', data, network: bundled, options: {} }),
    (id) => ({ title: 'a', data: 'builtin:shapes', network: network(id, 'bundled'), options: {} }),
    (id) => ({ title: 'a', data: 'builtin:shapes', network: network(id, 'recipe'), options: {} }),
    (id) => ({ title: 'a', data: 'builtin:shapes', network: network(id, 'body'), options: {} }),
    (recipe) => ({ title: 'a', data: 'builtin:shapes', network: bundled, recipe, options: {} }),
  ],
  pauseRun: [(run) => ({ run })],
  continueRun: [(run) => ({ run })],
  stopRun: [(run) => ({ run })],
  resumeRun: [(run) => ({ run })],
  removeRun: [(run) => ({ run })],
  restoreRun: [(run) => ({ run })],
  annotateRun: [(run) => ({ run, notes: { title: '', tags: [], note: '' } })],
  runMetrics: [(run) => ({ run })],
  runFilters: [(run) => ({ run })],
  evaluate: [
    (id) => ({ contenders: [{ kind: 'bundled', id }], data: null, job }),
    (id) => ({ contenders: [{ kind: 'run', id }], data: null, job }),
    (data) => ({ contenders: [contender], data, job }),
  ],
  tryPreprocessings: [(data) => ({ source: { kind: 'bytes', name: 'net.onnx', bytes: new Uint8Array(1) }, data, job })],
  diff: [
    (id) => ({ a: { kind: 'run', id }, b: contender, inputs: { kind: 'own' }, job }),
    (id) => ({ a: contender, b: { kind: 'bundled', id }, inputs: { kind: 'random' }, job }),
    (id) => ({ a: contender, b: contender, inputs: { kind: 'data', id }, job }),
  ],
  evaluatedPictures: null,
  evaluatedImage: null,
  verifyRun: [(run) => ({ run, job })],
  runFile: [(run) => ({ run })],
};
/** A handle that is held while pictures are named. */
let model = 0;

const context = { emit: () => undefined };
const refusal = async <M extends Method>(method: M, params: Params<M>): Promise<unknown> =>
  engine.call(method, params, context).then(
    (result) => ({ result }),
    (error: unknown) => error,
  );

/** The same file, from wherever an id might be joined to. */
function waysTo(file: string): string[] {
  const roots = ['models', 'specs', 'recipes', 'samples'].map((name) => resource(name));
  const from = [...roots, join(folder, 'data', 'runs'), join(folder, 'data', 'trash'), process.cwd()];
  const ways = [file, ...from.map((root) => relative(root, file))];
  return [...ways, ...ways.map((way) => way.replace(/\.(onnx|json)$/, '')), `file://${file}`];
}

describe('an id is looked up in a list, and opens no file', () => {
  const ids = [
    ...new Set(Object.values(files).flatMap(waysTo)),
    '..',
    '.',
    '',
    '/',
    'a\0b',
    '../mnist-cnn',
    '__proto__',
  ];
  const calls = (Object.keys(places) as Method[]).flatMap((method) =>
    (places[method] ?? []).map((make, place) => [method, place, make as (id: string) => Params<Method>] as const),
  );

  it.each(calls)('%s, place %i', async (method, place, make) => {
    model = (await engine.call('openModel', { source: { kind: 'bundled', id: 'mnist-cnn' } }, context)).model;
    const inProcess = method === 'survey' && place > 0;
    for (const id of inProcess ? [files.model] : ids) {
      const error = await refusal(method, make(id));
      expect(error, `${method} '${id}'`).toBeInstanceOf(FailureError);
      const { code, message } = error as FailureError;
      expect(message, `${method} '${id}'`).not.toContain(SECRET);
      expect(code, `${method} '${id}': ${message}`).toMatch(
        /^(model\.unknown|recipe\.unknown|data\.unknown|data\.invalid|run\.invalid|file\.missing|internal|handle\.gone)$/,
      );
    }
  });
});
