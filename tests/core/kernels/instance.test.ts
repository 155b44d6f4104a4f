import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { generate } from '../../../src/core/kernels/assembly/generator/index.mjs';
import { Arena, createMemory } from '../../../src/core/kernels/wasm/arena';
import { KERNELS } from '../../../src/core/kernels/wasm/exports';
import { compileKernels, instantiateKernels, SCRATCH_BYTES } from '../../../src/core/kernels/wasm/instance';
import { callByName, kernel, measure } from '../../../src/core/kernels/wasm/kernel';
import { binaries, describeBuilds } from './workspace';

const assembly = new URL('../../../src/core/kernels/assembly/', import.meta.url);

/** Name → parameters of every function that `assembly/index.ts` exports, handwritten or generated. */
function exported(): Record<string, string[]> {
  const generated = generate();
  const parse = (name: string): ts.SourceFile => {
    const text = generated[name.replace('generated/', '')] ?? readFileSync(new URL(name, assembly), 'utf8');
    return ts.createSourceFile(name, text, ts.ScriptTarget.ES2022);
  };
  return Object.fromEntries(
    parse('index.ts').statements.flatMap((statement) => {
      if (!ts.isExportDeclaration(statement)) return [];
      const names =
        statement.exportClause && ts.isNamedExports(statement.exportClause)
          ? statement.exportClause.elements.map((element) => (element.name as ts.Identifier).text)
          : null;
      const file = `${(statement.moduleSpecifier as ts.StringLiteral).text.replace('./', '')}.ts`;
      return parse(file).statements.flatMap((each) => {
        if (!ts.isFunctionDeclaration(each) || !each.name) return [];
        if (!each.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
        const name = each.name.text;
        const parameters = each.parameters.map((parameter) => (parameter.name as ts.Identifier).text);
        return names === null || names.includes(name) ? [[name, parameters]] : [];
      });
    }),
  );
}

describe('the interface of the kernels', () => {
  it('declares every parameter by the name and in the place that the AssemblyScript gives it', () => {
    const declared = Object.entries(KERNELS).map(([name, { parameters }]) => [name, parameters]);
    expect(Object.fromEntries(declared)).toEqual(exported());
  });

  it('passes the values of a record in the declared order', () => {
    const declarations = { three: kernel('a b', 'c'), sum: measure('x y') };
    let passed: number[] = [];
    const { three, sum } = callByName(declarations, {
      three: (...values: number[]) => (passed = values),
      sum: (x: number, y: number) => x + 10 * y,
    });
    three({ c: 3, a: 1, b: 2 });
    expect(passed).toEqual([1, 2, 3]);
    expect(sum({ y: 2, x: 1 })).toBe(21);
  });

  it('takes the relaxed build where the engine does, the plain one elsewhere', () => {
    expect(compileKernels(binaries).build).toBe('relaxed');
    expect(compileKernels({ ...binaries, relaxed: new Uint8Array([0]) }).build).toBe('simd');
    expect(() => compileKernels({ simd: new Uint8Array([0]), relaxed: new Uint8Array([0]) })).toThrow(
      /does not accept the simd build/,
    );
  });
});

describe('the arena', () => {
  it('hands out aligned, zeroed regions with slack, and grows the memory', () => {
    const arena = new Arena(createMemory());
    const a = arena.floats(3);
    const b = arena.floats(1 << 20);
    expect([a % 64, b % 64]).toEqual([0, 0]);
    expect(b).toBeGreaterThanOrEqual(a + 3 * 4 + 64);
    expect(arena.view(b, 1 << 20).every((v) => v === 0)).toBe(true);
    expect(arena.memory.buffer.byteLength).toBeGreaterThanOrEqual(arena.used);
  });

  it('says what it would need past 4 GiB', () => {
    const arena = new Arena(createMemory());
    expect(() => arena.bytes(2 ** 32)).toThrow(/needs \d+ bytes of memory, WebAssembly has 4294967296/);
  });
});

describeBuilds('an instance', (workspace, build) => {
  it('takes pointers above 2 GiB', () => {
    const arena = new Arena(createMemory(), 2 ** 31 + 65536);
    const kernels = instantiateKernels(
      compileKernels(binaries, build).module,
      arena.memory,
      arena.bytes(SCRATCH_BYTES),
    );
    const [x, y] = [arena.floats(9), arena.floats(9)];
    arena.view(x, 9).set([1, -2, 3, -4, 5, -6, 7, -8, 9]);
    kernels.reluForward({ x, xRow: 9, y, yRow: 9, rows: 1, length: 9 });
    expect([...arena.view(y, 9)]).toEqual([1, 0, 3, 0, 5, 0, 7, 0, 9]);
    expect(kernels.squaredNorm({ x, count: 9 })).toBe(285);
  });

  it('gives the same bits as another instance on the same memory', () => {
    const { arena } = workspace;
    const other = instantiateKernels(compileKernels(binaries, build).module, arena.memory, arena.bytes(SCRATCH_BYTES));
    const x = workspace.put(Float32Array.from({ length: 10 * 10 * 16 }, (_, i) => Math.sin(i)));
    const [a, b] = [workspace.room(36 * 132), workspace.room(36 * 132)];
    workspace.kernels.winogradInput4({
      x,
      xRow: 10 * 16,
      channels: 16,
      tilesHigh: 2,
      tilesWide: 2,
      v: a,
      vStride: 132 * 4,
    });
    other.winogradInput4({ x, xRow: 10 * 16, channels: 16, tilesHigh: 2, tilesWide: 2, v: b, vStride: 132 * 4 });
    expect(workspace.read(a, 36 * 132)).toEqual(workspace.read(b, 36 * 132));
    workspace.expectGuards();
  });
});
