import { FailureError } from '../../shared/failures';
import { say, type Message, type Value } from '../../words';
import { sameLetters, sameName } from '../data/names';

/** The classes of a network. */
export interface Named {
  id: string;
  /** Numbers where the classes have no names. */
  labels: readonly string[];
  /**
   * Where the names come from: the network's file, as Convscope wrote it, the user, or nowhere. Classes of a file that Convscope did not write are
   * matched by order only where the user confirmed it. Left out: `told`.
   */
  names?: 'told' | 'given' | 'none';
  /** The user confirmed that classes without a common name are the same in their order. */
  byOrder?: boolean;
}

/** Pairs of classes that one is shown before one confirms them. */
const CONFIRMED = 20;

const areNumbers = (labels: readonly string[], first: 0 | 1): boolean =>
  labels.every((label, i) => label === String(i + first));

/** A name without what one writes differently: capitals, and spaces, underscores and hyphens between words. */
const sameWords = (name: string): string =>
  sameLetters(name)
    .replace(/[\s_-]+/g, ' ')
    .trim();

/** WordNet's number of a noun, as in folders of ImageNet. */
const WORDNET = /^(n\d{8})(?:[\s_-]+(.*))?$/i;

/** Every name of a class: ImageNet's lists have synonyms with commas between them, and WordNet's numbers before them. */
function synonyms(label: string): Set<string> {
  const [, number, rest] = WORDNET.exec(label.trim()) ?? [];
  const text = number === undefined ? label : (rest ?? '');
  const names = [...(number === undefined ? [] : [number]), text, ...text.split(/[,;]/)];
  return new Set(names.map(sameWords).filter((name) => name !== ''));
}

/** Names are compared ever less strictly: as they are written, without capitals, by their words, by any synonym. */
const comparisons: readonly ((name: string) => ReadonlySet<string>)[] = [
  (name) => new Set([sameLetters(name)]),
  (name) => new Set([sameWords(name)]),
  synonyms,
];

/** The index of each name among the model's labels, where only one fits and fits no other name; −1 for none. */
function placesByName(data: readonly string[], model: readonly string[]): number[] {
  const exact = new Map([...model].reverse().map((label, i) => [sameName(label), model.length - 1 - i]));
  const places = data.map((label) => exact.get(sameName(label)) ?? -1);
  for (const namesOfLabel of comparisons) {
    if (!places.includes(-1)) break;
    const owners = new Map<string, number[]>();
    model.forEach((label, i) =>
      namesOfLabel(label).forEach((name) => owners.set(name, [...(owners.get(name) ?? []), i])),
    );
    const found = data.map((label) => [...new Set([...namesOfLabel(label)].flatMap((name) => owners.get(name) ?? []))]);
    const used = new Set(places);
    data.forEach((_, i) => {
      const [place] = found[i];
      const rivals = found.filter((each) => each.includes(place)).length;
      if (places[i] < 0 && found[i].length === 1 && rivals === 1 && !used.has(place)) places[i] = place;
    });
  }
  return places;
}

/**
 * Which class of the model each class of the data is: by name, in any Unicode form and, if that is unambiguous, in any case, with any
 * signs between words, or by a synonym; or by order if the names differ or are numbers, of networks that Convscope did not write only
 * where that was confirmed. Data with fewer classes than the model, numbered from 1, lacks the class 0.
 * @throws FailureError if neither works: a different number of classes, or a name that both have at different places; `data.invalid` with
 * the reason `evaluation.confirm-order` where it would have to be confirmed.
 */
export function matchLabels(data: readonly string[], network: Named, path: string): Int32Array {
  const { id, labels: model, names = 'told', byOrder = false } = network;
  const refuse = (reason: Message): FailureError => new FailureError('data.invalid', { file: path, reason });
  const places = placesByName(data, model);
  if (!places.includes(-1)) return Int32Array.from(places);
  const identity = Int32Array.from(data, (_, i) => i);
  const inOrder =
    data.length === model.length && (names === 'none' || places.every((place, i) => place === -1 || place === i));
  const numbers = areNumbers(data, 0) && data.length <= model.length;
  if (names === 'told' || byOrder) {
    if (inOrder || numbers) return identity;
    if (areNumbers(data, 1) && data.length < model.length) return Int32Array.from(data, (_, i) => i + 1);
  }
  if (inOrder || numbers) {
    const all = data.map((_, i) => i);
    throw refuse(say('evaluation.confirm-order', { id, pairs: pairsOf(data, identity, model, all, CONFIRMED) }));
  }
  if (names === 'none')
    throw refuse(say('evaluation.unnamed', { id, others: model.length, count: data.length, names: some(data) }));
  const unknown = data.filter((_, i) => places[i] < 0);
  const values = { count: data.length, names: some(data), id, others: model.length, known: some(model) };
  if (unknown.length < data.length)
    throw refuse(say('evaluation.unknown-classes', { ...values, unknown: some(unknown) }));
  throw refuse(say('evaluation.other-classes', values));
}

/** The classes of a network by name: those without one have that of the data's class that they are. */
export function namesOf({ labels, names }: Named, data: readonly string[], classOf: Int32Array): string[] {
  const named = [...labels];
  if (names === 'none') data.forEach((label, i) => (named[classOf[i]] = label));
  return named;
}

/** A note on which classes were matched, if the data's own names differ, also if only in how they are written. */
export function matchNote(data: readonly string[], order: Int32Array, network: Named, path: string): Message | null {
  const { id, labels: model } = network;
  if (areNumbers(data, 0)) return null;
  const others = data.flatMap((label, i) => (sameName(label) === sameName(model[order[i]]) ? [] : [i]));
  if (others.length === 0) return null;
  const values = { file: path, id, pairs: pairsOf(data, order, model, others) };
  const alike = (same: (name: string) => string): boolean =>
    others.every((i) => same(data[i]) === same(model[order[i]]));
  if (alike(sameLetters)) return say('evaluation.by-capitals', values);
  const bySynonym = others.every((i) => [...synonyms(data[i])].some((name) => synonyms(model[order[i]]).has(name)));
  return say(bySynonym ? 'evaluation.by-synonym' : 'evaluation.by-order', values);
}

function pairsOf(
  data: readonly string[],
  order: Int32Array,
  model: readonly string[],
  which: readonly number[],
  most = 3,
): Value[] {
  const pairs: Value[] = which
    .slice(0, most)
    .map((i) => say('evaluation.pair', { data: data[i], model: model[order[i]] }));
  return which.length > most ? [...pairs, '…'] : pairs;
}

export const some = (names: readonly string[]): string[] => [...names.slice(0, 4), ...(names.length > 4 ? ['…'] : [])];
