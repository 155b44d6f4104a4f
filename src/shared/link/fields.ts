import { MessageError, reasonOf, say, type Message } from '../../words';
import { pictureInput, type PictureInput } from '../inputs';

/** One value of a link: how it is written, and read again. */
export interface LinkField<T> {
  /** Null where no text can say it: the field is then left out. */
  write(value: T): string | null;
  /** @throws MessageError what was found and what was expected. */
  read(text: string): T;
}

const refuse = (found: string, expected: Message): never => {
  throw new MessageError(say('link.found', { found, expected }));
};

export const textField: LinkField<string> = {
  write: (value) => value,
  read: (text) => (text === '' ? refuse(text, say('link.text')) : text),
};

/** Fields that a screen reads itself, in the letters of an address. */
export const queryField: LinkField<string> = {
  write: (value) => value,
  read: (text) => (/^[!-~]+$/.test(text) && !/[#"<>\\^`{|}]/.test(text) ? text : refuse(text, say('link.query'))),
};

/** A whole number from 0 on. */
export const wholeField: LinkField<number> = {
  write: String,
  read(text) {
    const value = Number(text);
    return /^\d{1,15}$/.test(text) ? value : refuse(text, say('link.whole', { from: 0 }));
  },
};

export const oneOfField = <const C extends readonly string[]>(...choices: C): LinkField<C[number]> => ({
  write: (value) => value,
  read: (text) => (choices.includes(text) ? text : refuse(text, say('link.one-of', { names: choices }))),
});

/** `#rrggbb`, in the link without its sign. */
export const colorField: LinkField<string> = {
  write: (value) => value.slice(1),
  read: (text) => (/^([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text) ? `#${text}` : refuse(text, say('link.color'))),
};

/** A file by its name and its content: a link opens no file, it only says which one to open. */
export interface FileRef {
  kind: 'file';
  name: string;
  /** The first 16 hexadecimal digits of its SHA-256; null where it has none, or none yet. */
  digest: string | null;
}
export type NetworkRef = { kind: 'bundled' | 'run'; id: string } | FileRef;
export type PictureRef = { kind: 'sample'; id: string } | FileRef;

const ID = /^[\w.-]+$/;
const writeFile = ({ name, digest }: FileRef): string | null => digest && `file:${digest}:${wellFormed(name)}`;
function readFile(text: string): FileRef | null {
  const [, digest, name] = /^file:([0-9a-f]{16}):(.+)$/s.exec(text) ?? [];
  return digest ? { kind: 'file', name, digest } : null;
}
/** Half a surrogate pair, which a file's name may hold, has no percent-encoding. */
const wellFormed = (name: string): string => name.replace(/\p{Cs}/gu, '\ufffd');

const writeNetwork = (value: NetworkRef): string | null =>
  value.kind === 'file' ? writeFile(value) : value.kind === 'run' ? `run:${value.id}` : value.id;
function readNetwork(text: string): NetworkRef | null {
  if (text.startsWith('file:')) return readFile(text);
  const [kind, id] = text.startsWith('run:') ? (['run', text.slice(4)] as const) : (['bundled', text] as const);
  return ID.test(id) ? { kind, id } : null;
}

export const networkField: LinkField<NetworkRef> = {
  write: writeNetwork,
  read: (text) => readNetwork(text) ?? refuse(text, say('link.network')),
};

export const pictureField: LinkField<PictureRef> = {
  write: (value) => (value.kind === 'file' ? writeFile(value) : value.id),
  read(text) {
    if (text.startsWith('file:')) return readFile(text) ?? refuse(text, say('link.picture'));
    return ID.test(text) ? { kind: 'sample', id: text } : refuse(text, say('link.picture'));
  },
};

/** Networks that have a name of their own, no files. */
export type NamedNetwork = Exclude<NetworkRef, FileRef>;
export const networksField: LinkField<NamedNetwork[]> = {
  write: (value) => (value.length > 0 ? value.map(writeNetwork).join(',') : null),
  read: (text) =>
    text.split(',').map((each) => {
      const network = readNetwork(each);
      return network && network.kind !== 'file' ? network : refuse(text, say('link.networks'));
    }),
};

/** How a picture goes into a foreign network, as one chose: `224x224,NCHW,rgb,1,0;0;0,1;1;1`. */
export const prepareField: LinkField<PictureInput> = {
  write: ({ height, width, layout, color, scale, mean, deviation }) =>
    [`${height}x${width}`, layout, color, scale, mean.join(';'), deviation.join(';')].join(','),
  read(text) {
    const [size = '', layout, color, scale, mean, deviation, ...more] = text.split(',');
    const [height, width] = size.split('x').map(decimal);
    const numbers = (list = ''): number[] => list.split(';').map(decimal);
    if (more.length > 0 || deviation === undefined) return refuse(text, say('link.prepare'));
    try {
      return pictureInput.read({
        height,
        width,
        layout,
        color,
        scale: decimal(scale),
        mean: numbers(mean),
        deviation: numbers(deviation),
      });
    } catch (error) {
      throw new MessageError(reasonOf(error));
    }
  },
};
const decimal = (text: string): number => (text.trim() === '' ? NaN : Number(text));
