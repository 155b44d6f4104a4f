import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildGraph } from '../../../src/core/model/build';
import { SpecError, type ModelSpec } from '../../../src/core/model/spec';
import { contractCases } from '../layers/contract-cases';

/** Every place in a JSON value, as a path. */
function paths(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...path, key]))];
}

/** A copy with the value at `path` replaced. */
function replaced(value: unknown, [key, ...rest]: (string | number)[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const holder = copy as Record<string | number, unknown>;
  holder[key] = replaced(holder[key], rest, by);
  return copy;
}

const specs = Object.values(contractCases)
  .flat()
  .map(({ input, layers }) => buildGraph({ input, layers }).spec);

/** Numbers that lie about sizes, and anything else that JSON can hold. */
const lie = fc.oneof(
  fc.constantFrom<unknown>(
    0,
    -1,
    1,
    2,
    3,
    7,
    4096,
    65536,
    2 ** 27,
    2 ** 31,
    2 ** 53,
    1e300,
    0.5,
    '',
    'input',
    'same',
    null,
    true,
    [],
    {},
    [0],
    [1, 1],
    [-1],
  ),
  fc.jsonValue(),
);

it('a spec with one value replaced by any other is a graph or a SpecError', () => {
  let [built, refused] = [0, 0];
  fc.assert(
    fc.property(fc.constantFrom(...specs), fc.nat(), lie, (spec, place, by) => {
      const all = paths(spec);
      const changed = replaced(spec, all[place % all.length], by) as ModelSpec;
      try {
        const graph = buildGraph(changed);
        expect(buildGraph(graph.spec).spec).toEqual(graph.spec);
        built++;
      } catch (error) {
        if (!(error instanceof SpecError)) throw error;
        expect(error.message).toMatch(/^(layer ('.*'|number \d+)|network|input), .+: found .+, expected .+/su);
        refused++;
      }
    }),
    { numRuns: 3000, seed: 1 },
  );
  expect(built).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(1000);
});
