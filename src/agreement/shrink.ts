import { buildGraph } from '../core/model/build';
import { INPUT, inputFields, SpecError, type LayerSpec, type ModelSpec } from '../core/model/spec';

/**
 * The smallest network that still fails, found by trying smaller ones until none does: without a layer, without its end, with
 * smaller numbers, with fewer settings.
 */
export async function shrink(spec: ModelSpec, fails: (smaller: ModelSpec) => Promise<boolean>): Promise<ModelSpec> {
  for (let current = spec; ;) {
    let next: ModelSpec | null = null;
    for (const smaller of smallerThan(current)) {
      if (!isValid(smaller) || !(await fails(smaller))) continue;
      next = smaller;
      break;
    }
    if (!next) return current;
    current = next;
  }
}

function isValid(spec: ModelSpec): boolean {
  try {
    buildGraph(spec);
    return true;
  } catch (error) {
    if (error instanceof SpecError) return false;
    throw error;
  }
}

/** The largest reductions first. */
function* smallerThan(spec: ModelSpec): Generator<ModelSpec> {
  const { input, layers } = spec;
  for (let end = 1; end < layers.length; end++) yield { input, layers: neededBy(layers.slice(0, end)) };
  for (let i = layers.length - 1; i >= 0; i--) {
    for (const source of new Set(layers[i].inputs)) yield { input, layers: neededBy(without(layers, i, source)) };
  }
  for (const [side, now] of inputFields(input)) {
    for (const size of smallerNumbers(now, 1)) yield { input: { ...input, [side]: size }, layers };
  }
  for (const [i, layer] of layers.entries()) {
    const put = (changed: LayerSpec): ModelSpec => ({ input, layers: layers.with(i, changed) });
    for (const [setting, value] of Object.entries(layer)) {
      if (['kind', 'name', 'inputs'].includes(setting)) continue;
      yield put(Object.fromEntries(Object.entries(layer).filter(([field]) => field !== setting)) as LayerSpec);
      if (typeof value === 'number' && Number.isInteger(value))
        for (const smaller of smallerNumbers(value, setting === 'padding' ? 0 : 1))
          yield put({ ...layer, [setting]: smaller });
      if (!Array.isArray(value) || setting === 'shape') continue;
      for (const [at, each] of (value as number[]).entries())
        for (const smaller of smallerNumbers(each, setting === 'padding' ? 0 : 1))
          yield put({ ...layer, [setting]: (value as number[]).with(at, smaller) });
    }
    if ((layer.inputs?.length ?? 0) > 2) yield put({ ...layer, inputs: layer.inputs?.slice(1) });
  }
}

function smallerNumbers(value: number, least: number): number[] {
  return [...new Set([least, Math.floor(value / 2), value - 1])].filter((each) => each >= least && each < value);
}

/** Without layer i, whose readers read one of its inputs instead. */
function without(layers: readonly LayerSpec[], i: number, source: string): LayerSpec[] {
  const { name } = layers[i];
  return layers
    .filter((_, index) => index !== i)
    .map((layer) => ({ ...layer, inputs: layer.inputs?.map((input) => (input === name ? source : input)) }));
}

/** Without the layers that the last one does not depend on. */
function neededBy(layers: readonly LayerSpec[]): LayerSpec[] {
  const needed = new Set<string | undefined>([layers.at(-1)?.name]);
  const kept: LayerSpec[] = [];
  for (const layer of layers.toReversed()) {
    if (!needed.has(layer.name)) continue;
    kept.unshift(layer);
    for (const input of layer.inputs ?? []) if (input !== INPUT) needed.add(input);
  }
  return kept;
}
