import type { Explanation, ExplanationBody, Quantized, Window } from '../../../../core/explain/types';
import type { LayerInfo } from '../../../../shared/protocol';
import { isFlat, mapsOf } from '../../state/layers';
import { axisIndex } from './window';

/** A piece of a formula and how it is set. */
export interface Token {
  role: 'name' | 'plain' | 'op' | 'sub' | 'number' | 'value';
  text: string;
}

/** What formulas draw on: how a layer is called (−1 is the input) and how a number is written. */
export interface FormulaWords {
  layers: readonly LayerInfo[];
  input: string;
  number(value: number): string;
}

const name = (text: string): Token => ({ role: 'name', text });
const plain = (text: string): Token => ({ role: 'plain', text });
const op = (text: string): Token => ({ role: 'op', text });
const sub = (text: string): Token => ({ role: 'sub', text });

/** The lines of a unit's arithmetic: the rule first, then, where it is short, the rule with the numbers put in. */
export function formulaLines(explanation: Explanation, words: FormulaWords): Token[][] {
  const { quantized } = explanation;
  if (!quantized) return bodyLines(explanation, words, null);
  const { factor, shift, output } = quantized;
  // Whole numbers that stay whole.
  if (!output && factor === 1 && shift === 0) return bodyLines(explanation, words, null);
  const lines = bodyLines({ ...explanation, recomputed: quantized.sum }, words, [name('s')]);
  return [...lines, ...scaledLines(explanation, quantized, words)];
}

/** How a sum s of a quantized operator goes on: s · factor + shift, and rounded where it is quantized again. */
function scaledLines(
  explanation: Explanation,
  { sum: s, factor, shift, output }: Quantized,
  words: FormulaWords,
): Token[][] {
  const { layer, channel, y, x, recomputed } = explanation;
  const at = flat(layer, words) ? `[${channel}]` : `[${channel}, ${y}, ${x}]`;
  const number = (value: number): Token => ({ role: 'number', text: words.number(value) });
  const scaled = (first: Token[]): Token[] => [
    ...first,
    ...(factor === 1 ? [] : [op('·'), number(factor)]),
    ...(shift === 0 ? [] : signed(shift, words)),
  ];
  const whole = (first: Token[]): Token[] => {
    if (!output) return scaled(first);
    const { scale, zero, low, high } = output;
    const bracket = shift !== 0;
    const inner = bracket ? [plain('('), ...scaled(first), plain(')')] : scaled(first);
    return [
      plain('clamp(round('),
      ...inner,
      op('÷'),
      number(scale),
      plain(')'),
      ...(zero === 0 ? [] : signed(zero, words)),
      plain(`, ${String(low).replace('-', '−')}, ${high})`),
    ];
  };
  return [
    [name(words.layers[layer]?.name ?? words.input), plain(at), op('='), ...whole([name('s')])],
    [
      op('='),
      ...whole(s < 0 ? bracketed([number(s)]) : [number(s)]),
      op('='),
      { role: 'value', text: words.number(recomputed) },
    ],
  ];
}

/** @param result what the body comes to, where that is not the unit itself. */
function bodyLines(explanation: Explanation, words: FormulaWords, result: Token[] | null): Token[][] {
  const layer = words.layers[explanation.layer];
  const { body, quantized } = explanation;
  const value: Token = { role: 'value', text: words.number(explanation.recomputed) };
  /** A factor of a sum of whole numbers is read without its zero point. */
  const less = (tokens: Token[], at: number): Token[] => {
    const zero = quantized && !quantized.real ? quantized.reads[at].zero : 0;
    return zero === 0 ? tokens : [plain('('), ...tokens, ...signed(-zero, words), plain(')')];
  };
  const number = (x: number): Token => ({ role: 'number', text: words.number(x) });
  const called = (index: number): string => words.layers[index]?.name ?? words.input;
  const unit = (index: number, channel: number, y: number, x: number): Token[] => [
    name(called(index)),
    plain(flat(index, words) ? `[${channel}]` : `[${channel}, ${y}, ${x}]`),
  ];
  const own = result ?? unit(explanation.layer, explanation.channel, explanation.y, explanation.x);
  const same = (source: number): Token[] => unit(source, explanation.channel, explanation.y, explanation.x);

  switch (body.kind) {
    case 'sum': {
      const flatSource = flat(body.source, words);
      const index = body.window ? `c, ${windowIndex(explanation, body.window, layer)}` : flatSource ? 'i' : 'c, i, j';
      const over = !body.window && flatSource ? 'i' : 'c, i, j';
      return [
        [
          ...own,
          op('='),
          name('b'),
          sub(String(explanation.channel)),
          op('+'),
          plain('∑'),
          sub(over.replaceAll(' ', '')),
          plain(' '),
          ...less([name(called(body.source)), plain(`[${index}]`)], 0),
          op('·'),
          ...less([name('w'), sub(String(explanation.channel)), plain(`[${over}]`)], 1),
          op('='),
          value,
        ],
      ];
    }
    case 'pick':
    case 'mean': {
      const inner = [
        name(called(body.source)),
        plain(`[${body.plane.channel}, ${windowIndex(explanation, body.window, layer)}]`),
      ];
      return body.kind === 'pick'
        ? [[...own, op('='), plain('max'), sub('i,j'), plain(' '), ...inner, op('='), value]]
        : [
            [
              ...own,
              op('='),
              plain('∑'),
              sub('i,j'),
              plain(' '),
              ...inner,
              op('÷'),
              plain(`${body.divisor}`),
              op('='),
              value,
            ],
            [op('='), number(body.plane.sum), op('÷'), plain(`${body.divisor}`), op('='), value],
          ];
    }
    case 'function':
      return [
        [...own, op('='), ...applied(body, same(body.source), words, false)],
        [op('='), ...applied(body, [number(body.input)], words, true), op('='), value],
      ];
    case 'normalize':
      return [
        [
          ...own,
          op('='),
          plain('('),
          ...same(body.source),
          op('−'),
          name('μ'),
          plain(')'),
          op('÷'),
          plain('√('),
          name('σ²'),
          op('+'),
          name('ε'),
          plain(')'),
          op('·'),
          name('γ'),
          op('+'),
          name('β'),
        ],
        [
          op('='),
          plain('('),
          number(body.input),
          ...signed(-body.mean, words),
          plain(')'),
          op('÷'),
          plain('√('),
          number(body.variance),
          op('+'),
          number(body.epsilon),
          plain(')'),
          op('·'),
          number(body.scale),
          ...signed(body.shift, words),
          op('='),
          value,
        ],
      ];
    case 'share': {
      const mine = body.own;
      const source = name(called(body.source));
      const share = [plain('exp('), source, plain(`[${mine}]`), op('−'), name('m'), plain(')')];
      const total = [plain('∑'), sub('k'), plain(' exp('), source, plain('[k]'), op('−'), name('m'), plain(')')];
      const shifted = body.logits[mine] - body.maximum;
      return body.log
        ? [
            [...own, op('='), source, plain(`[${mine}]`), op('−'), name('m'), op('−'), plain('ln '), ...total],
            [op('='), number(shifted), op('−'), plain('ln '), number(body.sum), op('='), value],
          ]
        : [
            [...own, op('='), ...share, op('÷'), ...total],
            [op('='), number(body.exponentials[mine]), op('÷'), number(body.sum), op('='), value],
          ];
    }
    case 'join':
      return [
        [
          ...own,
          op('='),
          ...joined(
            body.sources.map(({ layer, channel = explanation.channel }) =>
              unit(layer, channel, explanation.y, explanation.x),
            ),
            body.by,
          ),
        ],
        [
          op('='),
          ...{ sum, product, largest }[body.by](
            body.sources.map((source) => source.value),
            words,
          ),
          op('='),
          value,
        ],
      ];
    case 'copy':
      return [[...own, op('='), ...unit(body.source, body.channel, body.y, body.x), op('='), value]];
  }
}

/** `5 + i − 2, 6 + j − 2`: where the window's cell (i, j) lies, from stride, dilation and padding. */
function windowIndex(
  { y, x }: Pick<Explanation, 'y' | 'x'>,
  { stride, dilation, top, left }: Window,
  layer: LayerInfo | undefined,
): string {
  // One window for the whole map: its cells are the map's own.
  const [, height, width] = layer ? mapsOf(layer) : [];
  if (height === 1 && width === 1 && top === 0 && left === 0) return 'i, j';
  const row = axisIndex(y, stride[0], dilation[0], top, 'i');
  const column = axisIndex(x, stride[1], dilation[1], left, 'j');
  return `${row}, ${column}`;
}

/** The formula's text, with its `x` and its named constants replaced: by the unit's name, or by the numbers. */
function applied(
  body: Extract<ExplanationBody, { kind: 'function' }>,
  x: Token[],
  words: FormulaWords,
  numbers: boolean,
): Token[] {
  const constants = new Map(body.constants.map((constant) => [constant.name, constant.value]));
  const tokens: Token[] = [];
  let before = '';
  for (const part of body.formula.split(/(\p{L}[\p{L}\d_]*)/u)) {
    if (part === '') continue;
    const constant = constants.get(part);
    if (part === 'x') tokens.push(...(numbers && body.input < 0 && /[−·×÷+]\s*$/u.test(before) ? bracketed(x) : x));
    else if (constant !== undefined && numbers) tokens.push({ role: 'number', text: words.number(constant) });
    else if (constant !== undefined) tokens.push(name(part));
    else tokens.push(plain(part));
    before = part;
  }
  return tokens;
}

/** A negative number after an operator wants brackets: `1 ÷ (1 + e^−(−1.2))`. */
function bracketed(x: Token[]): Token[] {
  return [plain('('), ...x, plain(')')];
}

/** `+ 0.25` or `− 0.25`. */
function signed(value: number, words: FormulaWords): Token[] {
  return [op(value < 0 || Object.is(value, -0) ? '−' : '+'), { role: 'number', text: words.number(Math.abs(value)) }];
}

function sum(values: readonly number[], words: FormulaWords): Token[] {
  return values.flatMap((value, i) =>
    i === 0 ? [{ role: 'number' as const, text: words.number(value) }] : signed(value, words),
  );
}

function product(values: readonly number[], words: FormulaWords): Token[] {
  return values.flatMap((value, i) => {
    const number: Token[] = [{ role: 'number', text: words.number(value) }];
    return i === 0 ? number : [op('·'), ...(value < 0 ? bracketed(number) : number)];
  });
}

function largest(values: readonly number[], words: FormulaWords): Token[] {
  return greatest(values.map((value) => [{ role: 'number', text: words.number(value) }]));
}

const greatest = (parts: Token[][]): Token[] => [
  plain('max('),
  ...parts.flatMap((part, i) => (i === 0 ? part : [plain(', '), ...part])),
  plain(')'),
];

function joined(parts: Token[][], by: 'sum' | 'product' | 'largest'): Token[] {
  if (by === 'largest') return greatest(parts);
  return parts.flatMap((part, i) => (i === 0 ? part : [op(by === 'sum' ? '+' : '·'), ...part]));
}

function flat(index: number, words: FormulaWords): boolean {
  const layer = words.layers[index];
  return layer !== undefined && isFlat(layer);
}

/** The formula as one line of text, for the label that is read aloud. */
export function spoken(tokens: readonly Token[]): string {
  return tokens.map((token) => (token.role === 'op' ? ` ${token.text} ` : token.text)).join('');
}
