import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../../src/core/onnx/decode';
import { encodeModel } from '../../../src/core/onnx/encode';
import type { OnnxModel } from '../../../src/core/onnx/proto';
import { readModel } from '../../../src/core/onnx/read';
import { writeModel } from '../../../src/core/onnx/write';
import { fillUp, verify } from '../../../src/engine/models/verify';
import { makeExecutor } from '../../../src/engine/runtime/executor';
import type { VerifyReport } from '../../../src/shared/protocol';
import { sentence } from '../../../src/words';
import { plainSpec, randomModel } from './models';

const bytes = writeModel(randomModel(plainSpec));

const reportOf = (file: Uint8Array): Promise<VerifyReport> => {
  const model = readModel(file);
  return verify({ id: 'plain.onnx', model, bytes: file }, fillUp(model, [], 1), { executor: makeExecutor });
};

function changed(change: (file: OnnxModel) => void): Uint8Array {
  const file = decodeModel(bytes.slice());
  change(file);
  return encodeModel(file);
}

type Field = [number: number, whole: Uint8Array, inside: Uint8Array];

/** A message's fields: tag and value, and what is inside those that have a length. */
function fieldsOf(message: Uint8Array): Field[] {
  const reader = new protobuf.Reader(message);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    let inside = new Uint8Array();
    if ((tag & 7) === 2) inside = reader.bytes() as Uint8Array<ArrayBuffer>;
    else reader.skipType(tag & 7);
    fields.push([tag >>> 3, message.subarray(start, reader.pos), inside]);
  }
  return fields;
}

const withLength = (field: number, inside: Uint8Array): Uint8Array =>
  new protobuf.Writer()
    .uint32((field << 3) | 2)
    .bytes(inside)
    .finish();

/** `message` with the first message at `path` of fields replaced by `change` of it. */
function at(message: Uint8Array, path: readonly number[], change: (inner: Uint8Array) => Uint8Array): Uint8Array {
  if (path.length === 0) return change(message);
  const fields = fieldsOf(message);
  const place = fields.findIndex(([number]) => number === path[0]);
  const inner = withLength(path[0], at(fields[place][2], path.slice(1), change));
  return Buffer.concat(fields.map(([, whole], i) => (i === place ? inner : whole)));
}

const text = (field: number, value: string): Uint8Array => withLength(field, Buffer.from(value));
const int = (field: number, value: number): Uint8Array =>
  new protobuf.Writer()
    .uint32(field << 3)
    .uint32(value)
    .finish();
const plus = (path: readonly number[], field: Uint8Array): Uint8Array =>
  at(bytes, path, (inner) => Buffer.concat([inner, field]));

describe('what a file holds beyond its digests', () => {
  it.each<[name: string, how: string, file: () => Uint8Array]>([
    ['doc_string', 'added', () => plus([], text(6, 'Trained by nobody.'))],
    ['graph.doc_string', 'added', () => plus([7], text(10, 'about'))],
    ['graph.node[0].doc_string', 'added', () => plus([7, 1], text(6, 'about'))],
    ['graph.node[0].attribute[0].doc_string', 'added', () => plus([7, 1, 5], text(13, 'about'))],
    ['graph.initializer[0].doc_string', 'added', () => plus([7, 5], text(12, 'about'))],
    ['graph.input[0].doc_string', 'added', () => plus([7, 11], text(3, 'about'))],
    ['graph.input[0].type.denotation', 'added', () => plus([7, 11, 2], text(6, 'IMAGE'))],
    ['producer_name', 'changed', () => plus([], text(2, 'convscope'))],
    ['producer_version', 'added', () => plus([], text(3, '9.9'))],
    ['domain', 'added', () => plus([], text(4, 'org.example'))],
    ['model_version', 'added', () => plus([], int(5, 3))],
    ['ir_version', 'changed', () => changed((file) => void (file.irVersion = 9))],
    ['opset_import', 'changed', () => changed((file) => void (file.opsets[0].version = 18))],
    [
      'opset_import[1].domain',
      'added',
      () => plus([], withLength(8, Buffer.concat([text(1, 'org.example'), int(2, 1)]))),
    ],
    ['graph.name', 'changed', () => changed((file) => void (file.graph.name = 'other'))],
    ['graph.value_info[0].name', 'missing', () => changed((file) => void (file.graph.valueInfo = []))],
    ['graph.initializer[0].raw_data', 'changed', () => at(bytes, [7, 5], twice(9))],
    ['graph.initializer[0].#4', 'added', () => plus([7, 5], text(4, 'data'))],
    ['graph.#999', 'added', () => plus([7], text(999, 'hidden'))],
    ['#1000', 'added', () => plus([], int(1000, 1))],
    ['metadata_props author', 'added', () => changed((file) => void file.metadata.push(['author', 'me']))],
    ['metadata_props[0]', 'changed', () => plus([14], text(3, 'hidden'))],
    ['digests', 'changed', () => changed((file) => void (entry(file)[1] = entry(file)[1].replace('{', '{"note":1,')))],
  ])('is named: %s', async (name, how, file) => {
    const report = await reportOf(file());
    expect(report.ok).toBe(false);
    expect(report.altered).toContainEqual({ name, how });
    for (const language of ['en', 'zh'] as const)
      expect(report.findings.map((finding) => sentence(finding, language)).join()).toContain(name);
  });

  it('in a file without digests too, which is then said besides', async () => {
    const old = changed((file) => void file.metadata.splice(file.metadata.indexOf(entry(file)), 1));
    const report = await reportOf(Buffer.concat([old, text(6, 'about')]));
    expect(report).toMatchObject({ ok: false, altered: [{ name: 'doc_string', how: 'added' }] });
    expect(report.findings.map(({ code }) => code)).toEqual(['verify.no-digests', 'verify.altered']);
  });

  it('agrees where only the opset was unknown to the version that wrote it', async () => {
    const older = changed((file) => void (entry(file)[1] = entry(file)[1].replace('"opset":17,', '')));
    expect(await reportOf(older)).toMatchObject({ ok: true, altered: [] });
  });

  it('does not mind another order of fields, empty ones, or packed numbers', async () => {
    const reversed = Buffer.concat(
      fieldsOf(bytes)
        .sort(([a], [b]) => b - a)
        .map(([, whole]) => whole),
    );
    const file = Buffer.concat([
      at(reversed, [7, 5], (tensor) => {
        const dims = fieldsOf(tensor).filter(([number]) => number === 1);
        const others = fieldsOf(tensor).filter(([number]) => number !== 1);
        const packed = withLength(1, Buffer.concat(dims.map(([, whole]) => whole.subarray(1))));
        return Buffer.concat([packed, ...others.map(([, whole]) => whole)]);
      }),
      text(6, ''),
    ]);
    expect(Buffer.from(bytes).equals(file)).toBe(false);
    expect(await reportOf(file)).toMatchObject({ ok: true, altered: [] });
  });

  const entry = (file: OnnxModel): [string, string] => file.metadata.find(([key]) => key === 'convscope.digests')!;
  const twice =
    (field: number) =>
    (message: Uint8Array): Uint8Array =>
      Buffer.concat(
        [...fieldsOf(message).filter(([number]) => number === field), ...fieldsOf(message)].map(([, whole]) => whole),
      );
});
