import { tick } from 'svelte';
import type { Session } from '../state/session.svelte';
import { baseName } from '../format';
import { networkName } from '../i18n/names';
import { saveFile } from '../state/save';
import { pictureOf } from './picture';

/** The layer's whole output as `.npy`; the input image's tensor for the input. */
export async function saveTensor(session: Session): Promise<void> {
  const inspection = session.inspection;
  if (!inspection) return;
  await saveFile(session, () =>
    session.client.call('npy', { inspection: inspection.inspection, layer: session.selection.layer }),
  );
}

/** What the stage shows as a PNG, in the theme that it has, below its title and the scale of its colors. */
export async function saveView(session: Session, stage: HTMLElement): Promise<void> {
  const { model, selection } = session;
  if (!model) return;
  await tick();
  const depth = ['overview', 'layer', 'pixel'][selection.depth];
  const place = selection.depth === 0 ? [] : [session.layerAt(selection.layer).name];
  const unit = selection.depth === 2 ? [selection.channel, selection.y, selection.x].map(String) : [];
  const name = [model.id.replace(/\.onnx$/, ''), depth, ...place, ...unit].join('-').replace(/[^\w.-]+/g, '_');
  const title = [networkName(model), session.inspection && baseName(session.inspection.input.file), ...place]
    .filter(Boolean)
    .join(' · ');
  const legend = document.querySelector<HTMLElement>('.tools .legend');
  await saveFile(session, async () => ({ name: `${name}.png`, bytes: await pictureOf(stage, { title, legend }) }));
}
