import { FITS, INVERTS } from '../inputs';
import {
  colorField,
  networkField,
  networksField,
  oneOfField,
  pictureField,
  prepareField,
  queryField,
  textField,
  wholeField,
  type LinkField,
} from './fields';

/** What of a screen stands in a link: each field may be left out, and then stays as it is. */
export interface LinkPart {
  /** The field that stands in the path (`convscope://learn/padding`); the others follow as `?name=value&…`. */
  path: string | null;
  /** The field that has all that follows `?` as it stands, where the screen reads that itself. */
  query?: string;
  fields: Readonly<Record<string, LinkField<unknown>>>;
}

/** Lets TypeScript keep the fields' own types. */
const part = <const F extends Readonly<Record<string, LinkField<unknown>>>>(
  path: (keyof F & string) | null,
  fields: F,
  query?: keyof F & string,
): { path: (keyof F & string) | null; fields: F; query?: keyof F & string } => ({ path, fields, query });

/** Every screen's part of a link, by the screen's name: a new screen adds its own here. */
export const linkParts = {
  inspect: part('network', {
    network: networkField,
    picture: pictureField,
    fit: oneOfField(...FITS),
    invert: oneOfField(...INVERTS),
    background: colorField,
    /** Of a foreign network, in place of the guess. */
    prepare: prepareField,
    depth: oneOfField('overview', 'layer', 'pixel'),
    /** Its name, or where several have that `@` and its number. */
    layer: textField,
    map: wholeField,
    y: wholeField,
    x: wholeField,
    /** Which of the unit's windows stands open: the input channel. */
    window: wholeField,
    /** Of the colors. */
    scale: oneOfField('unit', 'layer', 'network'),
  }),
  train: part('run', {
    /** A run's ID, or `new` for the set-up. */
    run: textField,
    recipe: textField,
    data: textField,
  }),
  compare: part(null, {
    networks: networksField,
    data: textField,
    /** Figures on labelled pictures, or the first two networks value by value. */
    view: oneOfField('figures', 'values'),
  }),
  /** Scenes have fields of their own: `src/renderer/src/learn/state/link.ts`. */
  learn: part('scene', { scene: textField, state: queryField }, 'state'),
} as const;

export type LinkScreen = keyof typeof linkParts;
type FieldsOf<N extends LinkScreen> = (typeof linkParts)[N]['fields'];
type ValueOf<F> = F extends LinkField<infer T> ? T : never;
/** What a link says of a screen. */
export type LinkState<N extends LinkScreen> = { -readonly [K in keyof FieldsOf<N>]?: ValueOf<FieldsOf<N>[K]> };
/** A screen and what of it the link says. */
export type Link = { [N in LinkScreen]: { screen: N; state: LinkState<N> } }[LinkScreen];
