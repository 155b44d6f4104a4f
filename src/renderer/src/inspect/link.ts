import { invalid, type FileRef, type LinkState, type NetworkRef, type PictureRef } from '../../../shared/link/link';
import type { ImageSource, InputOptions, ModelInfo, ModelSource } from '../../../shared/protocol';
import { say, type Message } from '../../../words';
import { networkName, sampleName } from '../i18n/names';
import { MissingFiles, type KnownFile, type OpenedFiles } from '../state/files';
import { layerAt, mapsOf } from '../state/layers';
import type { Depth } from '../state/navigation';
import type { ScreenLink } from '../state/screens';
import { WHITE, type Session } from '../state/session.svelte';

type State = LinkState<'inspect'>;

const depths = ['overview', 'layer', 'pixel'] as const;
/** What holds of a network that is named where the link says nothing else. */
const SCALE = 'layer';

export const inspectLink: ScreenLink<State> = {
  now({ session }) {
    const { source, image, model, selection, scope, options } = session;
    if (!source || !model) return {};
    const { depth, layer, channel, y, x, inChannel } = selection;
    return {
      network: source.kind === 'bytes' ? file(source) : source,
      ...(image && { picture: image.kind === 'sample' ? image : file(image) }),
      ...(options.fit !== model.preprocessing.fit && { fit: options.fit }),
      ...(options.invert !== 'auto' && { invert: options.invert }),
      ...(options.background !== WHITE && { background: options.background }),
      ...(options.picture && { prepare: options.picture }),
      depth: depths[depth],
      layer: layerName(model, layer),
      map: channel,
      ...(depth === 2 && { y, x, window: inChannel }),
      ...(scope !== SCALE && { scale: scope }),
    };
  },

  entry: ({ network, depth }) => (network ? [network.kind === 'file' ? network.name : network.id, depth].join() : null),

  name({ session }) {
    const { model, selection, sample, image, layer } = session;
    if (!model) return null;
    const picture = sample ? sampleName(sample) : image && 'name' in image ? image.name : '';
    const { depth, channel, y, x } = selection;
    const unit = depth === 2 ? [`${channel} (${y}, ${x})`] : [];
    return [networkName(model), picture, ...(depth > 0 && layer ? [layer.name, ...unit] : [])]
      .filter((part) => part !== '')
      .join(' · ');
  },

  async open({ session, files }, state) {
    const [source, image] = found(session, files, state);
    const as: Partial<InputOptions> = state.network ? {} : session.options;
    const { fit = as.fit, invert = as.invert, background = as.background, prepare: picture = as.picture } = state;
    if (!(await session.openAs(source, image, { fit, invert, background, picture }))) return false;
    place(session, state);
    if (state.scale ?? state.network) session.scope = state.scale ?? SCALE;
    return true;
  },
};

/** Pixels that were drawn, or are those of a data set, are no file that a link could name. */
const file = (source: Exclude<ModelSource | ImageSource, { id: string }>): KnownFile => ({
  kind: 'file',
  name: source.name,
  digest: null,
  source,
});

const isKnown = (ref: FileRef): ref is KnownFile => 'source' in ref;

/** Network and picture, each null where the link names none. @throws MessageError for what is not there. */
function found(
  session: Session,
  files: OpenedFiles,
  { network, picture }: State,
): [network: ModelSource | null, picture: ImageSource | null] {
  const missing: { name: string; what: Message }[] = [];
  function lookUp<R extends NetworkRef | PictureRef>(
    ref: R | undefined,
    missed: (name: string) => Message,
  ): Exclude<R, FileRef> | KnownFile['source'] | null {
    if (!ref) return null;
    if (ref.kind !== 'file') return ref as Exclude<R, FileRef>;
    const source = isKnown(ref) ? ref.source : files.find(ref);
    if (!source) missing.push({ name: ref.name, what: missed(ref.name) });
    return source;
  }
  const source = lookUp(network, (name) => say('link.missing.network', { name }));
  const image = lookUp(picture, (name) => say('link.missing.picture', { name }));
  if (missing.length > 0) throw new MissingFiles(missing, files.names);
  const samples = session.info?.samples ?? [];
  if (picture?.kind === 'sample' && !samples.some(({ id }) => id === picture.id))
    throw invalid('picture', say('link.no-sample', { found: picture.id }));
  return [source as ModelSource | null, image as ImageSource | null];
}

/** A layer's name, or where several have that `@` and its number. */
function layerName(model: ModelInfo, index: number): string {
  const { name } = layerAt(model, index);
  return named(model, name).length === 1 ? name : `@${index}`;
}

const named = ({ inputs, layers }: ModelInfo, name: string): number[] =>
  [...inputs, ...layers].filter((layer) => layer.name === name && name !== '').map(({ index }) => index);

/** @throws MessageError for a layer that the network does not have. */
function layerNamed(model: ModelInfo, name: string): number {
  const [index, ...more] = named(model, name);
  if (index !== undefined && more.length === 0) return index;
  const number = /^@(-?\d+)$/.exec(name)?.[1];
  const all = [...model.inputs, ...model.layers];
  if (number !== undefined && all.some((layer) => layer.index === Number(number))) return Number(number);
  const known = all.map((layer) => layer.name);
  throw invalid('layer', say('link.no-layer', { network: model.id, found: name, known: shortened(known) }));
}

const MOST = 24;
const shortened = (names: string[]): string[] => (names.length > MOST ? [...names.slice(0, MOST), '…'] : names);

/** Goes where the link points. @throws MessageError for what lies outside the network. */
function place(session: Session, state: State): void {
  const { model, selection } = session;
  if (!model) return;
  const layer = state.layer === undefined ? selection.layer : layerNamed(model, state.layer);
  const [maps, height, width] = mapsOf(layerAt(model, layer));
  const within = (field: 'map' | 'y' | 'x', count: number, otherwise: number): number => {
    const value = state[field];
    if (value === undefined) return Math.min(otherwise, count - 1);
    const range = say('link.range', { from: 0, to: count - 1 });
    if (value >= count) throw invalid(field, say('link.found', { found: value, expected: range }));
    return value;
  };
  const depth = state.depth ? (depths.indexOf(state.depth) as Depth) : selection.depth;
  if (depth > 0 && model.foreign?.refused) throw invalid('depth', say('link.only-overview'));
  const y = within('y', height, selection.y);
  const x = within('x', width, selection.x);
  const at = { depth, layer, channel: within('map', maps, selection.channel), inChannel: state.window ?? 0 };
  // A place that the link does not say is none that somebody chose.
  const given = state.y !== undefined || state.x !== undefined;
  session.look(given ? { ...at, y, x } : at);
  if (state.window !== undefined && session.selection.inChannel !== state.window) {
    const range = say('link.range', { from: 0, to: session.selection.inChannel });
    throw invalid('window', say('link.found', { found: state.window, expected: range }));
  }
}
