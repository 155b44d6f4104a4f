import { list, object, orNull, text, type Schema } from '../../core/schema';
import { FailureError } from '../../shared/failures';
import type { SampleInfo } from '../../shared/protocol';
import { reasonOf } from '../../words';
import { readWholeFile } from '../system/files';
import { parseJsonBytes } from '../system/json';
import { resource } from '../system/root';

const samples: Schema<SampleInfo[]> = list(
  object({ id: text(1), name: text(), models: list(text()), label: orNull(text()) }),
);

let index: Promise<SampleInfo[]> | null = null;

/** The bundled sample images: `resources/samples/samples.json`, which `scripts/make-samples.mjs` writes beside them. */
export function bundledSamples(): Promise<SampleInfo[]> {
  return (index ??= readIndex(resource('samples', 'samples.json')));
}

/** A sample's PNG. @throws FailureError `file.missing` for an unknown ID. */
export async function sampleBytes(id: string): Promise<{ name: string; bytes: Uint8Array }> {
  const sample = (await bundledSamples()).find((each) => each.id === id);
  if (!sample) throw new FailureError('file.missing', { file: id });
  return { name: `${id}.png`, bytes: await readWholeFile(resource('samples', `${id}.png`)) };
}

/** @throws FailureError `file.unreadable`, which names the field. */
async function readIndex(file: string): Promise<SampleInfo[]> {
  const bytes = await readWholeFile(file);
  try {
    return samples.read(parseJsonBytes(bytes));
  } catch (error) {
    throw new FailureError('file.unreadable', { file, reason: reasonOf(error) });
  }
}
