import { describe, expect, it } from 'vitest';
import { chooseBackend } from '../../src/engine/runtime/executor';
import { Turns } from '../../src/engine/system/turns';

const codes = (notes: readonly { code: string }[]): string[] => notes.map(({ code }) => code);

describe('what runs networks', () => {
  it.each([
    [['relaxed', 'simd'], true, 'wasm', 'relaxed', []],
    [['simd'], true, 'wasm', 'simd', ['backend.no-relaxed']],
    [[], true, 'reference', null, ['backend.no-simd', 'backend.reference']],
    [['relaxed', 'simd'], false, 'reference', null, ['backend.no-memory', 'backend.reference']],
  ] as const)('with %j and shared memory %j it is %s', (builds, sharedMemory, name, build, reasons) => {
    const { notes, ...chosen } = chooseBackend({ threads: 2 }, { builds, sharedMemory });
    expect(chosen).toEqual({ name, build, threads: name === 'wasm' ? 2 : 1 });
    expect(codes(notes)).toEqual(reasons);
  });

  it('is what was asked for, or a failure that says what is missing', () => {
    const none = { builds: [], sharedMemory: true };
    expect(chooseBackend({ name: 'reference', threads: 4 })).toMatchObject({ name: 'reference', threads: 1 });
    expect(() => chooseBackend({ name: 'wasm' }, none)).toThrow('WebAssembly with SIMD');
  });
});

it('work takes turns, in order, past one that failed', async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    seen.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    if (name === 'b') throw new Error('b');
    seen.push(`${name} ends`);
  };
  const all = await Promise.allSettled(['a', 'b', 'c'].map((name) => turns.take(work(name))));
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'c begins', 'c ends']);
});
