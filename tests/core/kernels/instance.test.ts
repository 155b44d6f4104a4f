import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { Arena, createMemory } from '../../../src/core/kernels/wasm/arena';
import { compileKernels, instantiateKernels, SCRATCH_BYTES } from '../../../src/core/kernels/wasm/instance';
import { binaries, describeBuilds } from './workspace';

/** Name → number of parameters of every kernel that the interfaces declare. */
function declared(): Map<string, number> {
  const folder = new URL('../../../src/core/kernels/wasm/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.startsWith('exports-'));
  const kernels = new Map<string, number>();
  for (const name of files) {
    const source = ts.createSourceFile(name, readFileSync(new URL(name, folder), 'utf8'), ts.ScriptTarget.ES2022);
    const aliases = new Map<string, ts.TypeNode>();
    source.forEachChild((node) => {
      if (ts.isTypeAliasDeclaration(node)) aliases.set(node.name.text, node.type);
    });
    /** Parameters of a signature, a rest parameter counting as many as its tuple has. */
    const count = (parameters: readonly ts.ParameterDeclaration[]): number =>
      parameters.reduce((sum, p) => sum + (p.dotDotDotToken && p.type ? tuple(p.type) : 1), 0);
    const tuple = (type: ts.TypeNode): number => {
      if (ts.isTypeReferenceNode(type)) return tuple(aliases.get((type.typeName as ts.Identifier).text)!);
      return (type as ts.TupleTypeNode).elements.reduce(
        (sum, e) => sum + (ts.isRestTypeNode(e) ? tuple(e.type) : 1),
        0,
      );
    };
    const arity = (type: ts.TypeNode): number =>
      ts.isTypeReferenceNode(type)
        ? arity(aliases.get((type.typeName as ts.Identifier).text)!)
        : count((type as ts.FunctionTypeNode).parameters as unknown as ts.ParameterDeclaration[]);
    source.forEachChild((node) => {
      if (!ts.isInterfaceDeclaration(node)) return;
      for (const member of node.members) {
        const key = (member.name as ts.Identifier).text;
        if (ts.isMethodSignature(member)) kernels.set(key, count([...member.parameters]));
        else if (ts.isPropertySignature(member) && member.type) kernels.set(key, arity(member.type));
      }
    });
  }
  return kernels;
}

describe('the interface of the kernels', () => {
  it.each(['simd', 'relaxed'] as const)('%s exports just what is declared, with as many parameters', (build) => {
    const memory = createMemory();
    const { module } = compileKernels(binaries, build);
    const kernels = instantiateKernels(module, memory, new Arena(memory).bytes(SCRATCH_BYTES)) as unknown as Record<
      string,
      { length: number }
    >;
    const found = new Map(
      Object.keys(kernels)
        .filter((name) => name !== 'memory')
        .map((name) => [name, kernels[name].length]),
    );
    expect(Object.fromEntries([...found].sort())).toEqual(Object.fromEntries([...declared()].sort()));
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
    kernels.reluForward(x, 9, y, 9, 1, 9);
    expect([...arena.view(y, 9)]).toEqual([1, 0, 3, 0, 5, 0, 7, 0, 9]);
    expect(kernels.squaredNorm(x, 9)).toBe(285);
  });

  it('gives the same bits as another instance on the same memory', () => {
    const { arena } = workspace;
    const other = instantiateKernels(compileKernels(binaries, build).module, arena.memory, arena.bytes(SCRATCH_BYTES));
    const x = workspace.put(Float32Array.from({ length: 10 * 10 * 16 }, (_, i) => Math.sin(i)));
    const [a, b] = [workspace.room(36 * 132), workspace.room(36 * 132)];
    workspace.kernels.winogradInput4(x, 10 * 16, 16, 2, 2, a, 132 * 4);
    other.winogradInput4(x, 10 * 16, 16, 2, 2, b, 132 * 4);
    expect(workspace.read(a, 36 * 132)).toEqual(workspace.read(b, 36 * 132));
    workspace.expectGuards();
  });
});
