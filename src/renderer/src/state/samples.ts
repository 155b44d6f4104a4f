import type { ModelInfo, SampleInfo, StartInfo } from '../../../shared/protocol';

/** Bundled samples made for a network, else those whose classes it has and that were made for a network which knows at least as many. */
export function samplesOf({ id, bundled, labels }: ModelInfo, info: StartInfo | null): SampleInfo[] {
  const { samples, models } = info ?? { samples: [], models: [] };
  const made = samples.filter((sample) => bundled && sample.models.includes(id));
  if (made.length > 0) return made;
  const knows = ({ models: of }: SampleInfo): boolean =>
    models.some((model) => of.includes(model.id) && labels.length <= model.classes);
  return samples.filter((sample) => sample.label !== null && labels.includes(sample.label) && knows(sample));
}
