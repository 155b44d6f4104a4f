import { say } from '../../words';
import { INPUT, isObject, SpecError, type LayerSpec, type ModelSpec } from './spec';

/**
 * A group of layers that a spec defines once and uses with different numbers. In its layers `"$filters"` stands for a number that the
 * use gives, and `"input"` for what the block reads; its last layer is what the block gives.
 */
export interface BlockDefinition {
  /** Values that hold where a use gives none. */
  with?: Record<string, unknown>;
  layers: SpecEntry[];
}

/** `{ "block": "residual", "filters": 64, "repeat": 3 }`: three in a row, each of which reads the one before. */
export interface BlockUse {
  block: string;
  /** The block's layers are called `NAME/…`; made from the block's name and a running number where it is left out. */
  name?: string;
  /** What the block reads; the entry before it where left out. */
  inputs?: [string];
  repeat?: number;
  [value: string]: unknown;
}

export type SpecEntry = LayerSpec | BlockUse;

/** A spec as people write it: with blocks, and with layers that can be left out. */
export interface WrittenSpec extends Omit<ModelSpec, 'layers'> {
  blocks?: Record<string, BlockDefinition>;
  /**
   * Ideas that are switched off. A layer with `"idea": "skip"` is then left out: what reads it reads its first input instead, or the
   * layer that its `"instead"` names, and layers that nothing reads any more go too.
   */
  without?: readonly string[];
  layers: SpecEntry[];
}

/** Blocks inside blocks, at most. */
const DEPTH = 8;
const OWN_FIELDS = ['block', 'name', 'inputs', 'repeat', 'idea'];

/**
 * The layers of a spec in a row, without blocks. Layers of blocks are called `block/layer`.
 * @param most layers; more are refused before they are made.
 * @throws SpecError
 */
export function expandBlocks(spec: WrittenSpec, most: number): LayerSpec[] {
  const plain = spec.layers.every((entry) => !isObject(entry) || !('block' in entry || 'idea' in entry));
  if (plain && spec.without === undefined) return spec.layers as LayerSpec[];
  const flat = new Expansion(spec.blocks ?? {}, most).run(spec.layers);
  return leaveOut(flat, spec.without ?? []);
}

/** The ideas of a spec that can be switched off, in the order of its layers. @throws SpecError */
export function ideasOf(spec: WrittenSpec, most: number): string[] {
  const plain = spec.layers.every((entry) => !isObject(entry) || !('block' in entry || 'idea' in entry));
  return plain ? [] : ideasIn(new Expansion(spec.blocks ?? {}, most).run(spec.layers));
}

/** Names as given; missing ones are made from `base` and a running number that is not yet taken. */
export function withRunningNumbers(entries: readonly { base: string; name?: string }[], taken: Set<string>): string[] {
  const counters = new Map<string, number>();
  return entries.map(({ base, name }) => {
    if (name !== undefined) return name;
    let number = counters.get(base) ?? 0;
    do number++;
    while (taken.has(`${base}${number}`));
    counters.set(base, number);
    taken.add(`${base}${number}`);
    return `${base}${number}`;
  });
}

class Expansion {
  private readonly layers: LayerSpec[] = [];

  constructor(
    private readonly blocks: Record<string, BlockDefinition>,
    private readonly most: number,
  ) {
    if (!isObject(blocks)) throw new SpecError(null, 'blocks', blocks, say('spec.blocks'));
  }

  run(entries: readonly SpecEntry[]): LayerSpec[] {
    this.list(entries, { prefix: '', input: INPUT, depth: 0 });
    return this.layers;
  }

  /** @returns the name of the last layer. */
  private list(entries: readonly SpecEntry[], place: { prefix: string; input: string; depth: number }): string {
    const { prefix, input, depth } = place;
    const names = this.names(entries, prefix);
    const outputs = new Map<string, string>([[INPUT, input]]);
    let before = input;
    for (const [index, entry] of entries.entries()) {
      const local = names[index];
      const name = prefix + local;
      const inputs = this.inputs(entry, name, outputs) ?? [before];
      before = isUse(entry)
        ? this.use(entry, name, inputs, depth)
        : this.push({ ...entry, ...this.instead(entry, name, outputs) }, name, inputs);
      outputs.set(local, before);
    }
    return before;
  }

  private names(entries: readonly SpecEntry[], prefix: string): string[] {
    if (!Array.isArray(entries) || entries.length === 0) {
      throw new SpecError(prefix.slice(0, -1) || null, 'layers', entries, say('spec.layers', { limit: this.most }));
    }
    const bases = entries.map((entry: SpecEntry, index) => {
      const place = `${prefix}${index + 1}`;
      if (!isObject(entry)) throw new SpecError(place, 'layer', entry, say('spec.layer'));
      const base = isUse(entry) ? entry.block : entry.kind;
      if (typeof base !== 'string') throw new SpecError(String(entry.name ?? place), 'kind', base, say('spec.layer'));
      return { base, name: entry.name };
    });
    const given = bases.flatMap(({ name }) => (name === undefined ? [] : [name]));
    const twice = given.find((name, index) => given.indexOf(name) !== index);
    if (twice !== undefined) throw new SpecError(prefix + twice, 'name', twice, say('spec.unique'));
    return withRunningNumbers(bases, new Set([INPUT, ...given]));
  }

  private inputs({ inputs }: SpecEntry, name: string, outputs: ReadonlyMap<string, string>): string[] | null {
    if (inputs === undefined) return null;
    if (!Array.isArray(inputs)) throw new SpecError(name, 'inputs', inputs, say('spec.inputs'));
    return inputs.map((each: string) => earlier(each, name, 'inputs', outputs));
  }

  /** What is read where the layer's idea is switched off, see `WrittenSpec.without`. */
  private instead(layer: LayerSpec, name: string, outputs: ReadonlyMap<string, string>): { instead?: string } {
    const { instead } = layer;
    return instead === undefined ? {} : { instead: earlier(instead, name, 'instead', outputs) };
  }

  private push(layer: LayerSpec, name: string, inputs: string[]): string {
    if (this.layers.length === this.most) {
      throw new SpecError(null, 'layers', `> ${this.most}`, say('spec.layers', { limit: this.most }));
    }
    this.layers.push({ ...layer, name, inputs });
    return name;
  }

  private use(use: BlockUse, name: string, inputs: readonly string[], depth: number): string {
    const block = Object.hasOwn(this.blocks, use.block) ? this.blocks[use.block] : undefined;
    if (block !== undefined && !isObject(block))
      throw new SpecError(use.block, 'block', block, say('spec.block-object'));
    if (block === undefined) {
      const choices = Object.keys(this.blocks);
      const expected = choices.length > 0 ? say('spec.choices', { choices }) : say('spec.block');
      throw new SpecError(name, 'block', use.block, expected);
    }
    if (depth === DEPTH) throw new SpecError(name, 'block', use.block, say('spec.block-depth', { limit: DEPTH }));
    if (inputs.length !== 1) throw new SpecError(name, 'inputs', inputs.length, say('spec.one-input'));
    const { repeat = 1 } = use;
    if (!Number.isInteger(repeat) || repeat < 1 || repeat > this.most) {
      throw new SpecError(name, 'repeat', repeat, say('spec.whole', { from: 1, to: this.most }));
    }
    const values = valuesOf(use, block, name);
    let before = inputs[0];
    for (let time = 1; time <= repeat; time++) {
      const prefix = repeat === 1 ? `${name}/` : `${name}-${time}/`;
      before = this.list(filled(block.layers, values, name), { prefix, input: before, depth: depth + 1 });
    }
    return before;
  }
}

/** The layer that an earlier entry gives. @throws SpecError */
function earlier(each: unknown, name: string, field: string, outputs: ReadonlyMap<string, string>): string {
  const found = typeof each === 'string' ? outputs.get(each) : undefined;
  if (found === undefined) throw new SpecError(name, field, each, say('spec.earlier'));
  return found;
}

/** The numbers of one use: those it gives, the block's own for the rest. A value that the block does not take is refused. */
function valuesOf(use: BlockUse, block: BlockDefinition, name: string): Map<string, unknown> {
  const given = Object.entries(use).filter(([field]) => !OWN_FIELDS.includes(field));
  const values = new Map([...Object.entries(block.with ?? {}), ...given]);
  const taken = new Set([...JSON.stringify(block.layers ?? null).matchAll(/"\$([^"]+)"/g)].map(([, each]) => each));
  for (const [field, value] of given) {
    if (!taken.has(field)) throw new SpecError(name, field, value, say('spec.choices', { choices: [...taken] }));
  }
  return values;
}

/** Layers with the values of `$names` in their places. */
function filled(layers: SpecEntry[], values: ReadonlyMap<string, unknown>, name: string): SpecEntry[] {
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== 'string' || !value.startsWith('$')) return value;
    if (!values.has(value.slice(1))) throw new SpecError(name, value.slice(1), undefined, say('spec.block-value'));
    return values.get(value.slice(1));
  };
  if (!Array.isArray(layers)) return layers;
  return layers.map((layer) =>
    isObject(layer)
      ? (Object.fromEntries(Object.entries(layer).map(([key, value]) => [key, fill(value)])) as SpecEntry)
      : layer,
  );
}

/** The layers without those of some ideas, see `WrittenSpec.without`. */
function leaveOut(layers: readonly LayerSpec[], without: readonly string[]): LayerSpec[] {
  const ideas = ideasIn(layers);
  if (!Array.isArray(without)) throw new SpecError(null, 'without', without, say('spec.choices', { choices: ideas }));
  for (const idea of without) {
    if (!ideas.includes(idea)) throw new SpecError(null, 'without', idea, say('spec.choices', { choices: ideas }));
  }
  const instead = new Map<string, string>();
  const reading = (input: unknown): string => instead.get(input as string) ?? (input as string);
  const kept: LayerSpec[] = [];
  for (const { idea, instead: other, ...layer } of layers) {
    const inputs = layer.inputs!.map(reading);
    if (without.includes(idea as string)) instead.set(layer.name!, reading(other ?? layer.inputs![0]));
    else kept.push({ ...layer, kind: layer.kind, inputs });
  }
  return without.length > 0 ? neededFor(reading(layers.at(-1)!.name), kept) : kept;
}

const ideasIn = (layers: readonly LayerSpec[]): string[] => [
  ...new Set(layers.flatMap(({ idea }) => (typeof idea === 'string' ? [idea] : []))),
];

/** A layer and those that it needs. */
function neededFor(last: string, layers: readonly LayerSpec[]): LayerSpec[] {
  const needed = new Set<string | undefined>([last]);
  for (const { name, inputs } of layers.toReversed()) {
    if (needed.has(name)) inputs!.forEach((input) => needed.add(input));
  }
  return layers.filter(({ name }) => needed.has(name));
}

const isUse = (entry: SpecEntry): entry is BlockUse => 'block' in entry;
