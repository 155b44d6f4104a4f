/**
 * docs/spec.md, made from the code: the settings are those that each layer's `parse` asks for, the words about a layer are its
 * file's own comment. What a setting is for and the examples are in spec-words.ts.
 */
import { readFileSync } from 'node:fs';
import { registry } from '../src/core/layers/registry';
import type { Padding, SettingsReader } from '../src/core/layers/settings';
import { buildGraph, limits } from '../src/core/model/build';
import { say, sentence } from '../src/words';
import { words, type Words } from './spec-words';

const whole = (least: number, most: number): string => `a whole number from ${least} to ${most}`;

export interface DescribedSetting {
  name: string;
  /** What it may be. */
  values: string;
  /** As JSON; null where it must be given. */
  preset: string | null;
}

/** Notes what a layer's `parse` asks for, and answers with something that holds. */
class Description implements SettingsReader {
  readonly settings: DescribedSetting[] = [];
  private readonly lists = new Map<readonly number[], string>();

  private note(name: string, values: string, preset: unknown): void {
    this.settings.push({ name, values, preset: preset === undefined ? null : JSON.stringify(preset) });
  }

  integer(field: string, preset: number | undefined, least: number, most: number): number {
    this.note(field, whole(least, most), preset);
    return preset ?? least;
  }

  number(field: string, preset: number, _holds?: unknown, expected = say('spec.number')): number {
    this.note(field, sentence(expected), preset);
    return preset;
  }

  boolean(field: string, preset: boolean): boolean {
    this.note(field, '`true` or `false`', preset);
    return preset;
  }

  oneOf<T extends string>(field: string, preset: T, choices: readonly T[]): T {
    this.note(field, choices.map((each) => `\`"${each}"\``).join(', '), preset);
    return preset;
  }

  perAxis(
    field: string,
    preset: number | readonly number[] | undefined,
    least: number,
    most: number,
  ): readonly number[] {
    const values = `${whole(least, most)}, or one for each axis: \`[height, width]\``;
    const earlier = typeof preset === 'object' ? this.lists.get(preset) : undefined;
    if (earlier === undefined) this.note(field, values, preset);
    else this.settings.push({ name: field, values, preset: earlier });
    const value = typeof preset === 'object' ? [...preset] : [preset ?? least, preset ?? least];
    this.lists.set(value, field);
    return value;
  }

  padding(field: string, most: number): Padding {
    const forms = '`"valid"`, `"same"`, `"same-lower"`';
    this.note(
      field,
      `${forms}, ${whole(0, most)}, \`[height, width]\` or \`[top, left, bottom, right]\` of such`,
      'valid',
    );
    return 'valid';
  }

  sides(field: string, preset: number | undefined, most: number): readonly number[] {
    this.note(field, `${whole(0, most)}, \`[height, width]\` or \`[top, left, bottom, right]\` of such`, preset);
    return [0, 0, 0, 0];
  }

  list(field: string, preset: readonly number[], least: number, most: number): readonly number[] {
    this.note(field, `a list of ${whole(least, most).replace('a whole number', 'whole numbers')}`, preset);
    return preset;
  }

  table(field: string, rows: number, channels: number): readonly (readonly number[])[] {
    this.note(field, `1 to ${rows} lists of channels from 0 to ${channels - 1}, in ascending order`, undefined);
    return [[0]];
  }

  shape(field: string): number[] {
    this.note(
      field,
      '`[features]`, `[height, width, channels]`, or one or three sizes before the channels, each 1 or more; one may be −1',
      undefined,
    );
    return [-1];
  }
}

/** The settings of a kind of layer, in the order in which its `parse` asks for them. */
export function settingsOf(kind: string): DescribedSetting[] {
  const description = new Description();
  registry.get(kind)!.parse(description, kind);
  return description.settings;
}

const folder = new URL('../src/core/layers/', import.meta.url);

/** The comment above a layer's definition, as one paragraph, without its list of settings (the table has them). */
function commentOf(kind: string): string {
  const source = readFileSync(new URL(`${kind === 'logsoftmax' ? 'softmax' : kind}.ts`, folder), 'utf8');
  const found = new RegExp(String.raw`/\*\*((?:(?!\*/)[\s\S])*)\*/\nexport const ${kind}\b`).exec(source);
  if (!found) throw new Error(`src/core/layers: found no comment above '${kind}', expected one`);
  const text = found[1]
    .replace(/^\s*\*? ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
  return text.replace(/(No settings\.|Settings[: ].*?(?= Source:)) ?/, '').replace(/Source: /, '*Source:* ');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function section(kind: string): string {
  const { title, settings, example } = words[kind];
  const described = settingsOf(kind);
  const definition = registry.get(kind)!;
  const table = [
    '| setting | values | default | meaning |',
    '|---|---|---|---|',
    ...described.map(({ name, values, preset }) => {
      const usual = preset === null ? 'must be given' : preset in settings ? `that of \`${preset}\`` : `\`${preset}\``;
      return `| \`${name}\` | ${cell(values)} | ${usual} | ${cell(settings[name])} |`;
    }),
  ];
  const graph = buildGraph(example);
  const shape = graph.layers[graph.layers.length - 1].outputShape;
  return [
    `### \`${kind}\`: ${title}`,
    commentOf(kind),
    described.length > 0 ? table.join('\n') : 'No settings.',
    ...(definition.arity === 'many' ? ['Two inputs or more, by `inputs`.'] : []),
    `\`\`\`json\n${specText(example)}\n\`\`\``,
    `Gives \`[${shape.join(', ')}]\`.`,
  ].join('\n\n');
}

/** One layer a line. */
function specText({ input, layers }: Words['example']): string {
  const spaced = (value: unknown): string =>
    JSON.stringify(value, null, 1)
      .replace(/\n\s*/g, ' ')
      .replace(/\[ (.*?) \]/g, '[$1]');
  const lines = layers.map((layer) => `    ${spaced(layer)}`).join(',\n');
  return `{\n  "input": ${spaced(input)},\n  "layers": [\n${lines}\n  ]\n}`;
}

const rules = (): string => `# A network as data: the spec

Made by \`node scripts/make-spec-doc.mjs\` from \`src/core/layers\`; a test holds it to the code, and builds every example.

A spec is a JSON object: the size of the input and a list of layers. \`--model\` of \`train\` and \`summary\` take a file with one,
\`resources/specs\` and \`resources/zoo\` have some, and a model's ONNX file carries its own under \`convscope.spec\` ([onnx-metadata.md](onnx-metadata.md)).

\`\`\`json
{
  "input": { "height": 28, "width": 28, "channels": 1 },
  "layers": [
    { "kind": "conv", "filters": 8, "kernel": 3, "padding": "same" },
    { "kind": "relu", "name": "first" },
    { "kind": "conv", "filters": 8, "kernel": 3, "padding": "same" },
    { "kind": "add", "inputs": ["first", "conv2"] },
    { "kind": "maxpool", "size": 2 },
    { "kind": "flatten" },
    { "kind": "dense", "units": 10 }
  ]
}
\`\`\`

## Rules

- **Input.** \`height\` and \`width\` in pixels, ${whole(1, limits.side)}; \`channels\` ${whole(1, limits.channels)}: 1 is gray, 3 is RGB,
  and pictures go into no other number. A signal has \`length\` and \`channels\`, a volume \`depth\`, \`height\`, \`width\` and \`channels\`:
  windows then have one or three axes, and a setting that takes \`[height, width]\` takes a list of one or three, in the order of those fields.
  Volumes have no fast kernels yet for convolution, transposed convolution, pooling, upsampling and margins along their first axes: those run, correctly but slowly, as the reference does.
- **Layers.** 1 to ${limits.layers}, in an order in which each comes after what it reads. \`kind\` is one of those below. A setting that is left out
  takes its default, one that the kind does not have is refused.
- **Names.** \`name\` is up to 100 letters (of any script), digits, \`_\` and \`-\`, the first not \`-\`, in parts with \`/\` between, unique, and not
  \`input\`. A layer without one is called by its kind and a running number: \`conv1\`, \`conv2\`, \`relu1\`.
- **Inputs.** \`inputs\` lists names of earlier layers, or \`input\` for the picture. Left out, a layer reads the one before it, the first
  one the picture. \`add\`, \`multiply\` and \`concat\` join two or more, and need \`inputs\`; all others read exactly one. Every layer but the last is read by another one.
- **Shapes.** A layer's output is a map \`[height, width, channels]\` (of a signal \`[length, channels]\`, of a volume \`[depth, height, width, channels]\`)
  or flat features \`[features]\`. \`conv\` and pooling take maps, \`dense\` flat features: a
  \`flatten\` goes between. Joined inputs fit each other: see \`add\` and \`concat\`.
- **Output.** The last layer's output is the network's. \`train\` gives the last dense layer as many units as there are classes, adds a \`softmax\`
  where none ends the network, and says so; what comes out is flat, one number per class.
- **Windows.** Rows, and likewise columns, of the output: ⌊(input + padding − dilation · (size − 1) − 1) ÷ stride⌋ + 1. A window larger than the padded map is refused.
  In pooling, padding given as numbers is less than the window's size on each side.
- **Limits.** ${limits.parameter.toLocaleString('en')} numbers in one parameter and ${limits.parameters.toLocaleString('en')} in all; ${limits.output.toLocaleString('en')} in
  one layer's output for one picture and ${limits.outputs.toLocaleString('en')} in all; ${limits.operations.toLocaleString('en')} multiply-adds (or cells of pooling windows) for one picture.

What does not hold is refused with the layer and the field, what was found and what was expected.

## Blocks

Layers that repeat are written once, under \`blocks\`, and used by name among the layers:

\`\`\`json
{
  "input": { "height": 32, "width": 32, "channels": 16 },
  "blocks": {
    "residual": {
      "with": { "kernel": 3 },
      "layers": [
        { "kind": "conv", "filters": "$filters", "kernel": "$kernel", "padding": "same" },
        { "kind": "relu" },
        { "kind": "conv", "filters": "$filters", "kernel": "$kernel", "padding": "same" },
        { "kind": "add", "inputs": ["conv2", "input"], "idea": "skip" }
      ]
    }
  },
  "layers": [
    { "block": "residual", "name": "stage1", "filters": 16, "repeat": 2 }
  ]
}
\`\`\`

- **Values.** \`"$filters"\` stands for what the use gives as \`filters\`, or the block's \`with\` where it gives none.
- **Inputs.** In a block \`input\` is what the block reads: the entry before it, or the one that \`inputs\` of the use names. The block's last
  layer is what it gives, and goes by the name of the use outside.
- **Repeat.** So many in a row, each reading the one before.
- **Names.** Layers of a block are called \`stage1/conv1\`, and \`stage1-2/conv1\` where it repeats. Blocks may use blocks, 8 deep.
- **Ideas.** \`--without skip\` leaves out the layers with \`"idea": "skip"\`: their readers read their first input, or what \`"instead": "conv2"\`
  names, and what nothing reads then is left out too. So a network can be held against itself without the idea that it brought.

A model's file carries the spec without blocks.

## Layers

x is a layer's input, y its output, H, W and C rows, columns and channels.`;

export function specDoc(): string {
  return `${[rules(), ...[...registry.keys()].map(section)].join('\n\n')}\n`;
}
