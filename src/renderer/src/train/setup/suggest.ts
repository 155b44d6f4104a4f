import { knownAs, networkMadeFor } from '../../../../shared/known-sets';
import type { DataInfo } from '../../../../shared/data-sets';
import type { NetworkChoice } from '../../../../shared/network-choice';

/** The bundled network that was made for a data set; null where what fits is found out by the engine, which looks at the pictures. */
export function suggestedSource(data: DataInfo): NetworkChoice['source'] | null {
  const id = networkMadeFor(knownAs(data));
  return id === null ? null : { kind: 'bundled', id };
}
