import { say, type Message } from '../words';

/** So many classes are told by name. */
const NAMED = 4;

/** What a network knows, by its classes: the first ones by name. */
export function knownClasses(labels: readonly string[]): Message {
  const [names, more] = [labels.slice(0, NAMED), labels.length - NAMED];
  return more > 1 ? say('unlike.known.more', { names, more }) : say('unlike.known', { names: [...labels] });
}
