import { num } from '../../format';
import { mapsOf } from '../../state/layers';
import type { Session } from '../../state/session.svelte';

let asked: ReturnType<typeof setTimeout> | undefined;

/**
 * Says in the status bar which value lies under the pointer; nothing where there is no map. `still` tells whether the
 * pointer is on that map yet when its values have come.
 */
export function probe(
  session: Session,
  pointer: { clientX: number; clientY: number },
  at: { layer: number; channel: number; element: Element } | null,
  still: () => boolean,
): void {
  clearTimeout(asked);
  session.status.probe = '';
  const tensors = session.tensors;
  if (!at || !tensors) return;
  const layer = session.layerAt(at.layer);
  const [channels, rows, columns] = mapsOf(layer);
  const name = at.layer < 0 && channels === 1 ? layer.name : `${layer.name} · ${at.channel}`;
  if (rows * columns === 1) {
    const thumb = tensors.sheet(at.layer).map(at.channel);
    if (thumb) session.status.probe = `${name}   ${num(thumb.min, 6)}`;
    return;
  }
  const box = at.element.getBoundingClientRect();
  const y = Math.min(rows - 1, Math.max(0, Math.floor(((pointer.clientY - box.top) / box.height) * rows)));
  const x = Math.min(columns - 1, Math.max(0, Math.floor(((pointer.clientX - box.left) / box.width) * columns)));
  const say = (): void => {
    const data = tensors.values(at.layer, at.channel).value?.data;
    if (data && still()) session.status.probe = `${name}  (${y}, ${x})   ${num(data[y * columns + x], 6)}`;
  };
  // The values themselves travel only once the pointer rests.
  asked = setTimeout(() => void tensors.values(at.layer, at.channel).promise.then(say), 60);
}
