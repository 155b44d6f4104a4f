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
}
