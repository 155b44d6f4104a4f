import type { LayerInfo } from '../../../../shared/protocol';
import type { Values } from '../../../../words';
import type { Key } from '../../i18n/en';
import { shape } from '../../format';
import { className } from '../../i18n/names';
import { mapsOf } from '../../state/layers';
import type { Session } from '../../state/session.svelte';

/** The network and the picture that the tour goes through. */
const NETWORK = 'lenet5-mnist';
const PICTURE = 'digit-5';

export interface TourStep {
  id: 'picture' | 'kernel' | 'map' | 'pixel' | 'pooling' | 'answer';
  /** What is pointed at: a `data-shows` of the view. */
  shows: string;
  /** Goes where it is seen. */
  go(session: Session): void;
  values(session: Session): Values;
}

/** The first layer with kernels, and the first after it that makes maps smaller without weights: told by traits. */
const convolution = (session: Session): LayerInfo | undefined =>
  session.model?.layers.find(({ traits }) => traits.weights === 'kernel');
function pooling(session: Session): LayerInfo | undefined {
  return session.model?.layers.find(({ traits, inputs, ...layer }) => {
    const [, rows] = mapsOf({ traits, inputs, ...layer });
    return traits.maps === 'own' && traits.weights === null && rows < mapsOf(session.layerAt(inputs[0] ?? -1))[1];
  });
}
const to = (session: Session, layer: LayerInfo | undefined, depth: 0 | 1 | 2): void => {
  if (!layer) return;
  session.toLayer(layer.index);
  session.goTo(depth);
  if (depth > session.selection.depth) session.look({ depth });
};

export const tourSteps: readonly TourStep[] = [
  {
    id: 'picture',
    shows: 'picture',
    go: (session) => session.goTo(0),
    values: (session) => ({ size: shape(session.model?.inputShape ?? []) }),
  },
  {
    id: 'kernel',
    shows: 'kernel',
    go: (session) => to(session, convolution(session), 1),
    values: (session) => {
      const layer = convolution(session);
      return { layer: layer?.name ?? '', maps: layer ? mapsOf(layer)[0] : 0 };
    },
  },
  { id: 'map', shows: 'feature-map', go: (session) => to(session, convolution(session), 1), values: () => ({}) },
  { id: 'pixel', shows: 'convolution', go: (session) => to(session, convolution(session), 2), values: () => ({}) },
  {
    id: 'pooling',
    shows: 'pooling',
    go: (session) => to(session, pooling(session), 2),
    values: (session) => ({ layer: pooling(session)?.name ?? '' }),
  },
  {
    id: 'answer',
    shows: 'predicted',
    go: (session) => session.goTo(0),
    values: (session) => {
      const best = session.inspection?.predictions[0];
      return { label: best ? className(session.model, best.label) : '' };
    },
  },
];

export const tourTitle = (step: TourStep): Key => `tour.${step.id}`;
export const tourText = (step: TourStep): Key => `tour.${step.id}.text`;

/** Opens what the tour goes through, unless it is open; false where that fails, which the status tells. */
export async function prepare(session: Session): Promise<boolean> {
  if (session.model?.id !== NETWORK && !(await session.openModel({ kind: 'bundled', id: NETWORK }))) return false;
  return session.sample?.id === PICTURE || (await session.inspect({ kind: 'sample', id: PICTURE }));
}
