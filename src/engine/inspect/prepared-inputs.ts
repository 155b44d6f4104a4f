import { likenessOf, type Likeness } from '../../core/data/likeness';
import type { ModelMetadata } from '../../core/model/model';
import type { Inspection } from '../../shared/protocol';
import type { Message } from '../../words';
import type { Prepared } from '../image/prepare';
import type { Tensor } from './tensor';

/** A picture as the inputs of a network. */
export interface PreparedInputs {
  prepared: Prepared;
  inputs: Tensor[];
  /** What the picture itself became. */
  normalized: Inspection['strip']['normalized']['shape'];
  warnings: Message[];
  /** How the picture stands to what the network learned from; null where the file does not say. */
  likeness: Likeness | null;
}

/** @param metadata of the network's file. */
export function likenessTo(
  { pictures, preprocessing: { height, width } }: ModelMetadata,
  { seen }: Prepared,
): Likeness | null {
  return pictures ? likenessOf(pictures, { ...seen, height, width }) : null;
}
