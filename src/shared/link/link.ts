/**
 * The state of a screen as a line of text: `convscope://inspect/lenet5-mnist?picture=digit-5&depth=layer&layer=conv2&map=3`.
 * In the browser host the same stands in the address's fragment. What a link says is valid, or refused by the name of the field.
 */
import { MessageError, reasonOf, say, type Message } from '../../words';
import type { LinkField } from './fields';
import { linkParts, type Link, type LinkPart, type LinkScreen } from './parts';

export type { Link, LinkScreen, LinkState } from './parts';
export type { FileRef, NetworkRef, PictureRef } from './fields';

export const LINK_START = 'convscope://';
/** Characters of the longest link. */
const LONGEST = 8192;
/** A link as the browser host shows it. */
const SERVED = /^https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/[^#]*#/;

/** Whether a text means to be a link: pasted, or named on the command line. The app's own address is none. */
export const isLink = (text: string): boolean =>
  (text.startsWith(LINK_START) && !text.startsWith(`${LINK_START}app/`)) || SERVED.test(text);

/** What follows `convscope://`, or stands in the fragment: `inspect/lenet5-mnist?depth=layer`. */
export function writeFragment({ screen, state }: Link): string {
  const { path, query, fields } = linkParts[screen] as LinkPart;
  const written = Object.entries(fields).flatMap(([name, field]): [string, string][] => {
    const value = (state as Record<string, unknown>)[name];
    const text = value === undefined ? null : (field as LinkField<unknown>).write(value);
    return text === null ? [] : [[name, name === query ? text : encoded(text)]];
  });
  const inPath = written.find(([name]) => name === path);
  const rest = written
    .filter((each) => each !== inPath)
    .map(([name, text]) => (name === query ? text : `${name}=${text}`));
  return screen + (inPath ? `/${inPath[1]}` : '') + (rest.length > 0 ? `?${rest.join('&')}` : '');
}

export const writeLink = (link: Link): string => LINK_START + writeFragment(link);

/** What an address lets stand in path, query and fragment stays readable. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/%(3A|2C|3B|40)/g, (code) => decodeURIComponent(code));

/** @throws MessageError that names the field that is not valid. */
export function readLink(text: string): Link {
  if (text.length > LONGEST) throw new MessageError(say('link.long', { found: text.length, most: LONGEST }));
  if (!isLink(text)) throw new MessageError(say('link.none', { found: short(text) }));
  return readFragment(text.startsWith(LINK_START) ? text.slice(LINK_START.length) : text.replace(SERVED, ''));
}

/** @throws MessageError as `readLink`. */
export function readFragment(text: string): Link {
  if (text.length > LONGEST) throw new MessageError(say('link.long', { found: text.length, most: LONGEST }));
  const [place, ...queries] = text.split('?');
  const rest = queries.join('?');
  const slash = place.indexOf('/');
  const screen = slash < 0 ? place : place.slice(0, slash);
  const inPath = slash < 0 ? '' : place.slice(slash + 1);
  if (!Object.hasOwn(linkParts, screen))
    throw new MessageError(say('link.screen', { found: short(screen), known: Object.keys(linkParts) }));
  const part: LinkPart = linkParts[screen as LinkScreen];
  const found: [name: string, text: string][] = [];
  if (inPath !== '') found.push([part.path ?? inPath, inPath]);
  if (part.query && rest !== '') found.push([part.query, rest]);
  for (const pair of part.query || rest === '' ? [] : rest.split('&')) {
    const equals = pair.indexOf('=');
    found.push(equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]);
  }
  const state: Record<string, unknown> = {};
  for (const [name, value] of found) {
    if (!Object.hasOwn(part.fields, name))
      throw invalid(name, say('link.unknown', { known: Object.keys(part.fields) }));
    if (Object.hasOwn(state, name)) throw invalid(name, say('link.twice'));
    try {
      state[name] = part.fields[name].read(name === part.query ? value : decoded(value));
    } catch (error) {
      throw invalid(name, reasonOf(error));
    }
  }
  return { screen, state } as Link;
}

/** A field of a link that cannot be followed. */
export const invalid = (field: string, reason: Message): MessageError =>
  new MessageError(say('link.field', { field: short(field), reason }));

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new MessageError(say('link.encoding', { found: short(text) }));
  }
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
