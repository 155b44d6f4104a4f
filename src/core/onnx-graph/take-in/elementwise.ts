/** Functions of single numbers. */
import { say } from '../../../words';
import type { TakeNode } from './call';

/** A layer with the operator's own attributes as settings, by their names and defaults. */
const activation =
  (kind: string, defaults: Readonly<Record<string, number>> = {}): TakeNode =>
  (call) =>
    call.emitLike(
      call.features(0),
      kind,
      Object.fromEntries(Object.entries(defaults).map(([name, preset]) => [name, call.float(name, preset)])),
    );

/** Without a layer of its own for other limits. */
const clip: TakeNode = (call) => {
  const limit = (name: string, at: number, preset: number): number =>
    call.opset < 11 ? call.float(name, preset) : (call.constant(at)?.numbers()[0] ?? preset);
  const [least, most] = [limit('min', 1, -Infinity), limit('max', 2, Infinity)];
  const isOpen = (value: number): boolean => Math.abs(value) > 1e38;
  if (isOpen(least) && isOpen(most)) return call.raw(0);
  if (least === 0 && isOpen(most)) return call.emitLike(call.features(0), 'relu');
  if (least === 0 && most === 6) return call.emitLike(call.features(0), 'relu6');
  return call.refuse(say('take.clip', { least, most }));
};

const prelu: TakeNode = (call) => {
  const input = call.features(0);
  const slope = call.needed(1);
  const numbers = slope.numbers();
  if (numbers.length === 1) return call.emitLike(input, 'prelu', { slopes: 'shared' }, { slope: numbers });
  const each = call.perChannel(slope, input);
  if (each) return call.emitLike(input, 'prelu', { slopes: 'channel' }, { slope: each });
  return call.emitLike(input, 'prelu', { slopes: 'element' }, { slope: call.perUnit(slope, input) });
};

const gelu: TakeNode = (call) => {
  const how = call.text('approximate', 'none');
  return call.emitLike(call.features(0), 'gelu', how === 'none' ? {} : { approximate: how });
};

/** y = 1 ÷ (1 + e^(−alpha · x)) · x. */
const swish: TakeNode = (call) => {
  const alpha = call.float('alpha', 1);
  if (alpha !== 1) call.refuseAttribute('alpha', alpha, 1);
  return call.emitLike(call.features(0), 'silu');
};

const dropout: TakeNode = (call) => {
  if (call.opset >= 12 && call.constant(2)?.numbers()[0]) call.refuse(say('take.training'));
  const rate = call.opset < 12 ? call.float('ratio', 0.5) : (call.constant(1)?.numbers()[0] ?? 0.5);
  return call.emitLike(call.features(0), 'dropout', { rate });
};

export const elementwise: Readonly<Record<string, TakeNode>> = {
  Relu: activation('relu'),
  LeakyRelu: activation('leakyrelu', { alpha: 0.01 }),
  PRelu: prelu,
  Elu: activation('elu', { alpha: 1 }),
  Selu: activation('selu', { alpha: 1.67326319217681884765625, gamma: 1.05070102214813232421875 }),
  Sigmoid: activation('sigmoid'),
  HardSigmoid: activation('hardsigmoid', { alpha: 0.2, beta: 0.5 }),
  HardSwish: activation('hardswish'),
  Tanh: activation('tanh'),
  Softplus: activation('softplus'),
  Mish: activation('mish'),
  Gelu: gelu,
  Swish: swish,
  Clip: clip,
  Dropout: dropout,
};
