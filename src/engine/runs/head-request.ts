import { optionsOf } from '../../core/train/settings';
import type { HeadRequest } from '../head/request';
import { settingsOf } from '../train/settings';
import type { RunFacts } from './facts';
import { runFolderOf } from './store';

/** What a head's run asks for; null where the network itself is trained. Without checkpoints it begins anew each time. */
export function headRequestOf({ id, entry, record }: RunFacts): HeadRequest | null {
  const { title, data, network, fit, range, options } = entry;
  const body = network?.source.kind === 'body' ? network.source.id : record?.body ? record.model : null;
  if (body === null) return null;
  const hidden = record?.spec.layers.find(({ name }) => name === 'hidden');
  return {
    out: runFolderOf(id),
    overwrite: true,
    data: data.path ?? data.id,
    body,
    // Of a run that began elsewhere, with choices that the window does not offer.
    ...(record?.body && { tensor: record.body.tensor }),
    ...(typeof hidden?.units === 'number' && { hidden: hidden.units }),
    title,
    ...(data.kind !== 'generated' && { dataName: data.name }),
    ...(fit && { fit }),
    ...(range && { range }),
    // What a run leaves out has the usual defaults, not those of the command `head`.
    options: optionsOf(settingsOf(options)),
  };
}
