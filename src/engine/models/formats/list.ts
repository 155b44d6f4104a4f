import type { ModelFormat } from './format';
import { foreign } from './foreign';
import { ours } from './ours';

/** Every format of networks, in the order in which they are asked. The last one takes all, and says why it cannot read a file. */
export const modelFormats: readonly ModelFormat[] = [foreign, ours];
