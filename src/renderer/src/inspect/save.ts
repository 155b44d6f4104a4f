import { tick } from 'svelte';
import type { Session } from '../state/session.svelte';
import { toFailure } from '../../../shared/failures';
import { pictureOf } from './picture';

/** The layer's whole output as `.npy`; the input image's tensor for the input. */
export async function saveTensor(session: Session): Promise<void> {
  const inspection = session.inspection;
  if (!inspection) return;
  await keep(session, () =>
    session.client.call('npy', { inspection: inspection.inspection, layer: session.selection.layer }),
  );
}

/** What the stage shows as a PNG, in the theme that it has. */
export async function saveView(session: Session, stage: HTMLElement): Promise<void> {
  const { model, selection } = session;
  if (!model) return;
  await tick();
  const depth = ['overview', 'layer', 'pixel'][selection.depth];
  const place = selection.depth === 0 ? [] : [session.layerAt(selection.layer).name];
  const unit = selection.depth === 2 ? [selection.channel, selection.y, selection.x].map(String) : [];
  const name = [model.id.replace(/\.onnx$/, ''), depth, ...place, ...unit].join('-').replace(/[^\w.-]+/g, '_');
  await keep(session, async () => ({ name: `${name}.png`, bytes: await pictureOf(stage) }));
}

async function keep(session: Session, make: () => Promise<{ name: string; bytes: Uint8Array }>): Promise<void> {
  const done = session.status.work();
  try {
    const { name, bytes } = await make();
    const saved = await session.client.save(name, bytes);
    session.status.say(saved ? 'save.done' : 'save.declined', { name });
  } catch (error) {
    session.status.fail(toFailure(error));
  } finally {
    done();
  }
}
