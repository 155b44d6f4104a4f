import { readFile } from 'node:fs/promises';
import { FailureError } from '../../shared/failures';
import type { SampleInfo } from '../../shared/protocol';
import { readWholeFile } from '../system/files';
import { resource } from '../system/root';

let index: Promise<SampleInfo[]> | null = null;

/** The bundled sample images: `resources/samples/samples.json`, which `scripts/make-samples.mjs` writes beside them. */
export function bundledSamples(): Promise<SampleInfo[]> {
  index ??= readFile(resource('samples', 'samples.json'), 'utf8').then((text) => JSON.parse(text) as SampleInfo[]);
  return index;
}

/** A sample's PNG. @throws FailureError `file.missing` for an unknown ID. */
export async function sampleBytes(id: string): Promise<{ name: string; bytes: Uint8Array }> {
  const sample = (await bundledSamples()).find((each) => each.id === id);
  if (!sample) throw new FailureError('file.missing', { file: id });
  return { name: `${id}.png`, bytes: await readWholeFile(resource('samples', `${id}.png`)) };
}
