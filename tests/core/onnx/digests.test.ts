import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Generator } from '../../../src/core/random';
import { decodeModel } from '../../../src/core/onnx/decode';
import { encodeModel } from '../../../src/core/onnx/encode';
import type { OnnxModel } from '../../../src/core/onnx/proto';
import { readModel } from '../../../src/core/onnx/read';
import { sha256 } from '../../../src/core/onnx/sha256';
import { writeModel } from '../../../src/core/onnx/write';
import { ownIds, openModel } from '../../../src/engine/models/models';
import { makeExecutor } from '../../../src/engine/runtime/executor';
import { fillUp, verify } from '../../../src/engine/models/verify';
import type { VerifyReport } from '../../../src/shared/protocol';
import { reasonOf, sentence } from '../../../src/words';
import { plainSpec, randomModel } from './models';

const model = randomModel(plainSpec);
const bytes = writeModel({ ...model, metadata: { ...model.metadata, title: 'plain' } });

function changed(change: (file: OnnxModel) => void): Uint8Array {
  const file = decodeModel(bytes.slice());
  change(file);
  return encodeModel(file);
}
const reportOf = async (file: Uint8Array): Promise<VerifyReport> => {
  const read = readModel(file);
  return verify({ id: 'plain.onnx', model: read, bytes: file }, fillUp(read, [], 3), { executor: makeExecutor });
};
const entry = (file: OnnxModel, key: string): [string, string] => file.metadata.find(([name]) => name === key)!;
const floats = (file: OnnxModel, name: string): Float32Array => {
  const tensor = file.graph.initializers.find((each) => each.name === name)!;
  tensor.raw = tensor.raw!.slice();
  return new Float32Array(tensor.raw.buffer);
};

describe('SHA-256', () => {
  it.each([0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000])('of %i bytes is as elsewhere', (length) => {
    const data = Uint8Array.from({ length: length + 1 }, (_, i) => (i * 89 + length) % 256).subarray(1);
    expect(sha256(data)).toBe(createHash('sha256').update(data).digest('hex'));
  });
});

describe('the digests of a file', () => {
  it('are of the entries and tensors as another program reads them', () => {
    const { metadata, graph } = decodeModel(bytes);
    const digests = JSON.parse(entry({ metadata } as OnnxModel, 'convscope.digests')[1]) as Record<string, object>;
    const hex = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
    const own = metadata.filter(([key]) => key !== 'convscope.digests');
    expect(digests).toEqual({
      metadata: Object.fromEntries(own.map(([key, text]) => [key.replace('convscope.', ''), hex(text)])),
      opset: 17,
      tensors: Object.fromEntries(graph.initializers.map(({ name, raw }) => [name, hex(raw!)])),
    });
  });

  it('agree where nothing was altered', async () => {
    const report = await reportOf(bytes);
    expect(report).toMatchObject({ ok: true, altered: [], notFinite: [] });
    expect(report.findings.map((finding) => sentence(finding)).join()).toContain(
      'are unchanged since the file was written',
    );
  });

  it.each<[what: string, name: string, how: string, change: (file: OnnxModel) => void]>([
    ['one weight', 'conv2.weight', 'changed', (file) => void (floats(file, 'conv2.weight')[7] += 1e-7)],
    [
      'the labels',
      'labels',
      'changed',
      (file) => swap(file, 'convscope.labels', '"class 0","class 1"', '"class 1","class 0"'),
    ],
    [
      'the preprocessing',
      'preprocessing',
      'changed',
      (file) => swap(file, 'convscope.preprocessing', '"letterbox"', '"crop"'),
    ],
    ['the spec', 'spec', 'changed', (file) => swap(file, 'convscope.spec', '"rate":0.25', '"rate":0.5')],
    ['the title', 'title', 'changed', (file) => swap(file, 'convscope.title', 'plain', 'other')],
    [
      'the title taken away',
      'title',
      'missing',
      (file) => void file.metadata.splice(file.metadata.indexOf(entry(file, 'convscope.title')), 1),
    ],
    ['an entry of ours more', 'author', 'added', (file) => void file.metadata.push(['convscope.author', '"me"'])],
    ['the digests', 'digests', 'changed', (file) => void (entry(file, 'convscope.digests')[1] = '{}')],
  ])('name what was altered: %s', async (_what, name, how, change) => {
    const report = await reportOf(changed(change));
    expect(report).toMatchObject({ ok: false, altered: [{ name, how }] });
    expect(report.findings.map((finding) => sentence(finding)).join()).toContain(name);
    expect(report.findings.map((finding) => sentence(finding, 'zh')).join()).toContain(name);
  });

  it('a file of before there were any opens, and that is said', async () => {
    const old = changed(
      (file) => void file.metadata.splice(file.metadata.indexOf(entry(file, 'convscope.digests')), 1),
    );
    const report = await reportOf(old);
    expect(report).toMatchObject({ ok: true, altered: null });
    expect(report.findings.map((finding) => sentence(finding)).join()).toContain('carries no digests');
  });

  it('are in every bundled network, and agree', async () => {
    for (const id of await ownIds()) {
      const opened = await openModel({ kind: 'bundled', id });
      const report = await verify({ ...opened, bytes: opened.bytes() }, fillUp(opened.model, [], 1), {
        executor: makeExecutor,
      });
      expect(report, id).toMatchObject({ ok: true, altered: [] });
    }
  });

  const swap = (file: OnnxModel, key: string, from: string, to: string): void => {
    const found = entry(file, key);
    expect(found[1]).toContain(from);
    found[1] = found[1].replace(from, to);
  };
});

describe('the very bytes are run', () => {
  it('a file that computes something else than what was read from it does not pass', async () => {
    const other = changed((file) => void floats(file, 'dense1.weight').reverse());
    const report = await verify({ id: 'a', model, bytes: other }, fillUp(model, [], 3), { executor: makeExecutor });
    expect(report.ok).toBe(false);
    const differing = report.layers.filter(({ maxRel }) => maxRel > 1e-4).map(({ name }) => name);
    expect(differing[0]).toBe('dense1');
  });

  it('a file that onnxruntime refuses is an error that says so', async () => {
    const refused = changed((file) => void (file.graph.nodes[2].opType = 'Teapot'));
    const run = verify({ id: 'a.onnx', model, bytes: refused }, fillUp(model, [], 1), { executor: makeExecutor });
    await expect(run).rejects.toThrow(/'a.onnx': onnxruntime refuses the file .*Teapot/);
  });

  it('two graphs, which others merge, are refused', () => {
    const twice = Buffer.concat([bytes, Uint8Array.of(58, 0)]);
    expect(() => readModel(twice)).toThrow('graph: found twice');
  });

  it('weights that are all NaN, or one that is infinite, do not agree', async () => {
    const nothing = await reportOf(changed((file) => void floats(file, 'conv1.weight').fill(NaN)));
    expect(nothing).toMatchObject({ ok: false, notFinite: ['conv1.weight'], top1Agreement: 0 });
    expect(nothing.layers[0].maxRel).toBe(Number.MAX_VALUE);
    const one = await reportOf(changed((file) => void (floats(file, 'dense1.bias')[2] = -Infinity)));
    expect(one).toMatchObject({ ok: false, notFinite: ['dense1.bias'] });
  });
});

describe('a file that contradicts itself', () => {
  const refusal = async (file: Uint8Array): Promise<string> => {
    const opened = openModel({ kind: 'bytes', name: 'plain.onnx', bytes: file });
    return opened.then(
      () => 'opened',
      (error: unknown) => sentence(reasonOf(error)),
    );
  };

  it('is refused with what was altered by its digests', async () => {
    const file = changed((each) => {
      const spec = entry(each, 'convscope.spec');
      spec[1] = spec[1].replace('"relu"', '"tanh"');
      expect(spec[1]).toContain('"tanh"');
    });
    expect(await refusal(file)).toMatch(/node 'relu1', op_type: .*altered since it was written: spec$/);
  });

  it('is refused without that where the digests hold: the graph carries none', async () => {
    const file = changed((each) => {
      each.graph.nodes[0].attributes.push({ name: 'auto_pad', type: 'string', value: 'SAME_UPPER' });
    });
    const said = await refusal(file);
    expect(said).toMatch(/node 'conv1', attribute auto_pad: found .*SAME_UPPER.*, expected nothing/);
    expect(said).not.toContain('altered');
  });

  it('is refused, or told to compute something else, however its graph is changed', async () => {
    const generator = new Generator(11);
    const below = (count: number): number => Math.floor(generator.uniform() * count);
    let tried = 0;
    for (let i = 0; i < 150; i++) {
      let what = '';
      let names: string[] = [];
      const file = changed(({ graph }) => {
        const node = graph.nodes[below(graph.nodes.length)];
        const kind = below(4);
        names = [node.name];
        const lists = node.attributes.filter(({ type, value }) => type === 'ints' && (value as number[]).length > 0);
        if (kind === 0 && lists.length > 0) {
          const list = lists[below(lists.length)];
          const values = [...(list.value as number[])];
          values[below(values.length)] += 1;
          list.value = values;
          what = `${node.name}.${list.name}`;
          names.push(list.name);
        } else if (kind === 1 && node.inputs.length > 1) {
          node.inputs = [node.inputs[0], ...node.inputs.slice(1).reverse()];
          if (node.inputs.length === 2) node.inputs.reverse();
          what = `inputs of ${node.name}`;
        } else if (kind === 2) {
          node.opType = node.opType === 'Relu' ? 'Tanh' : 'Relu';
          what = `type of ${node.name}`;
        } else if (kind === 3 && node.outputs[0] !== graph.outputs[0].name) {
          for (const other of graph.nodes)
            other.inputs = other.inputs.map((name) => (name === node.outputs[0] ? node.inputs[0] : name));
          graph.nodes.splice(graph.nodes.indexOf(node), 1);
          what = `${node.name} left out`;
        }
      });
      if (what === '') continue;
      tried++;
      const said = await refusal(file);
      expect(said, what).not.toBe('opened');
      // A node that is missing shows in what comes after it.
      if (!what.endsWith('left out')) for (const name of names) expect(said, what).toContain(name);
    }
    expect(tried).toBeGreaterThan(80);
  });
});
