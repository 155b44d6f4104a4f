import type { TrainOptions } from '../../core/train/settings';
import type { Fit } from '../../shared/protocol';
import type { Range } from '../data/scale';

/** The request for a head on a body. */
export interface HeadRequest {
  out: string;
  overwrite: boolean;
  data: string;
  /** The body: the ID of a bundled network or an ONNX file. */
  body: string;
  /** Whose values the head reads: what feeds the last dense layer where left out. */
  tensor?: string;
  /** Units of a hidden layer; 0, as where left out: none. */
  hidden?: number;
  fit?: Fit;
  range?: Range;
  dataName?: string;
  title?: string;
  options: TrainOptions;
  threads?: number;
}
