import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildGraph } from '../../src/core/model/build';
import { loadData } from '../../src/engine/data/load';
import { DataSets } from '../../src/engine/data-sets/data-sets';
import { uploadPath } from '../../src/engine/data-sets/upload-path';
import { readWholeFile } from '../../src/engine/system/files';
import { decode } from '../../src/engine/image/decode';
import { modelNamed, openModel } from '../../src/engine/models/models';
import { recipeNamed } from '../../src/engine/models/recipes';
import { zooIds } from '../../src/engine/models/zoo';
import { resource } from '../../src/engine/system/root';
import { readFacts } from '../../src/engine/runs/facts';
import { Runs } from '../../src/engine/runs/runs';
import { architectureNamed } from '../../src/engine/train/architecture';
import { fitToClasses } from '../../src/engine/train/fit-classes';
import { readCheckpoint } from '../../src/engine/train/checkpoint';
import { lock } from '../../src/engine/train/lock';
import { RunFolder } from '../../src/engine/train/run-folder';
import { optionsOf } from '../../src/cli/setting-options';
import { settingsOf } from '../../src/engine/train/settings';
import { toFailure } from '../../src/shared/failures';
import { sentence, type Value } from '../../src/words';
import { idx, npy, npz } from '../engine/data/make';
import { quietTrain } from '../engine/train/helpers';

/**
 * Real failures of every room, in Chinese: no English word may be left in them, but for names and terms. That every code has a
 * Chinese sentence is tested elsewhere; here, that nothing English is filled in.
 */

let root: string;
let sets: DataSets;
const at = (...names: string[]): string => join(root, ...names);

function put(path: string, content: string | Uint8Array): string {
  const file = at(path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  return file;
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'convscope-words-'));
  process.env.CONVSCOPE_DATA = at('app');
  process.env.CONVSCOPE_CACHE = at('cache');
  sets = new DataSets(async () => ['甲', '乙', '丙', '丁']);
  mkdirSync(at('empty'));
  put('one/cat/a.txt', 'text');
  put('two/a/x.png', 'broken');
  put('two/b/x.png', 'broken');
  put('cut/train-images-idx3-ubyte', idx([9, 2, 2], new Uint8Array(36)).subarray(0, 30));
  put('cut/train-labels-idx1-ubyte', idx([9], new Uint8Array(9)));
  put('odd/data_batch_1.bin', new Uint8Array(100));
  put('labels.npz', npz({ y: npy('|u1', [4], new Uint8Array(4)) }));
  put('spec.json', '{"input": {"height": 8, "width": 8, "channels": 1}, "layers": [{"kind": "conv", "filters": 0}]}');
  put('bad.json', '{"input": ');
  put('no-dense.json', '{"input": {"height": 8, "width": 8, "channels": 1}, "layers": [{"kind": "flatten"}]}');
  put('other/notes.txt', 'text');
  put('run/run.json', '{"format": 1, "settings": ');
  put('run/checkpoint.safetensors', new Uint8Array([9, 9, 9]));
  put('app/runs/20200101-000000-a/request.json', '{"format": 2}');
  put('locked/.lock', JSON.stringify({ pid: process.pid, started: null }));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const target = { height: 4, width: 4, channels: 1, fit: 'crop', resize: 'linear' } as const;
const load = (name: string) => loadData(at(name), target);
const png = (): Buffer => readFileSync(resource('samples', 'digit-7.png'));
const graph = () => buildGraph({ input: { height: 2, width: 2, channels: 1 }, layers: [{ kind: 'flatten' }] });

const failures: [room: string, fail: () => unknown][] = [
  ['data: nothing there', () => load('absent')],
  ['data: an empty folder', () => load('empty')],
  ['data: no pictures', () => load('one')],
  ['data: broken pictures', () => load('two')],
  ['data: a short idx file', () => load('cut')],
  ['data: a short CIFAR file', () => load('odd')],
  ['data: labels alone', () => load('labels.npz')],
  ['data: no generated set', () => loadData('builtin:dreams', target)],
  ['image: text', () => decode(Buffer.from('just text'), '甲')],
  ['image: cut', () => decode(png().subarray(0, 150), '甲')],
  ['image: header alone', () => decode(png().subarray(0, 20), '甲')],
  ['model: unknown', async () => openModel({ kind: 'bundled', id: '甲' })],
  ['model: cut', () => openModel({ kind: 'bytes', name: '甲', bytes: readFileSync(model()).subarray(0, 5000) })],
  ['model: none', () => openModel({ kind: 'bytes', name: '甲', bytes: Buffer.from('hello') })],
  ['model: file missing', async () => openModel(await modelNamed(at('absent.onnx')))],
  ['model: spec', () => architectureNamed(at('spec.json'))],
  ['model: no JSON', () => architectureNamed(at('bad.json'))],
  ['model: output', async () => fitToClasses(await architectureNamed(at('no-dense.json')), 3)],
  ['run: none', () => new RunFolder(at('empty')).read()],
  ['run: other things', () => new RunFolder(at('other')).look()],
  ['run: damaged', () => new RunFolder(at('run')).read()],
  ['run: checkpoint', () => readCheckpoint(at('run', 'checkpoint.safetensors'), graph())],
  ['run: entry', async () => Promise.reject((await readFacts('20200101-000000-a')).damage)],
  ['run: gone', () => readFacts('20200101-000000-b')],
  ['run: no id', () => readFacts('../etc')],
  ['run: locked', () => lock(at('locked'), at('locked', '.lock'))],
  ['run: nothing to go on with', () => quietTrain({ out: at('fresh'), resume: true })],
  ['run: not trained', () => new Runs(sets).pause('20200101-000000-a')],
  ['settings: range', () => settingsOf({ lr: 0 })],
  ['settings: whole', () => settingsOf({ epochs: 2.5 })],
  ['settings: no number', () => optionsOf({ schedule: 'step:every=x' })],
  ['recipe: unknown', () => recipeNamed('甲')],
  ['upload: no file', () => sets.uploads.begin('甲', 0, 0)],
  ['upload: too many', () => sets.uploads.begin('甲', 1e9, 1)],
  ['upload: path', () => uploadPath('../x')],
  ['sets: generated', () => sets.forget('builtin:colors')],
  ['sets: unknown', () => sets.find('甲')],
  ['sets: no path', () => sets.add('relative')],
  ['file: folder', () => readWholeFile(root)],
];

const model = (): string => resource('models', 'lenet5-mnist.onnx');

/** Terms that are the same in Chinese, and the names that the program gives. */
/** Settings of a spec and fields of ONNX's files keep their names. */
const fields = /\b(filters|graph|node|input|layers)\b/g;
const terms =
  /\b(ONNX|JSON|PNG|JPEG|WebP|AVIF|GIF|TIFF|SVG|MiB|NumPy|CIFAR-100?|CSV|SVHN|STL-10|UTF-8|Convscope|idx|npz|npy|csv|mat|bin|softmax|epoch|gzip|zip|IHDR|IDAT|CRC)\b/gi;
const names =
  /builtin:\w+|\.\w+|\w+\.(json|png|txt|bin)|data_batch_\w+|(train|t10k)-\w+-idx\d-ubyte|--\w+|\b[a-z0-9]+(-[a-z0-9]+)+\b/g;

/** All that a person or a file named, wherever it is filled in: a text that is no message. */
function texts(value: Value): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [];
  if (Array.isArray(value)) return (value as Value[]).flatMap(texts);
  return Object.values((value as { values: Record<string, Value> }).values).flatMap(texts);
}

it.each(failures)('%s', async (_, fail) => {
  const failure = await Promise.resolve()
    .then(fail)
    .then(
      () => null,
      (error: unknown) => toFailure(error),
    );
  expect(failure, 'nothing failed').not.toBeNull();
  const { code, values } = failure!;
  const chinese = sentence({ code, values }, 'zh');
  const known = new RegExp(`\\b(${(await zooIds()).join('|')})\\b`, 'g');
  const plain = chinese
    .replaceAll(root, '')
    .replaceAll(names, '')
    .replaceAll(known, '')
    .replaceAll(terms, '')
    .replaceAll(fields, '');
  expect(chinese).toMatch(/\p{Script=Han}/u);
  expect(chinese).not.toContain('原文');
  // Names stand in quotation marks, or are single words; what is filled in holds no English phrase.
  expect(texts({ code, values }).filter((text) => / [a-z]{2,} /.test(text.replaceAll(root, '')))).toEqual([]);
  expect(plain.replaceAll(/“[^”]*”/g, '')).not.toMatch(/[A-Za-z]{2,}/);
});
