import { boolean, object, oneOf, optional, whole, type Infer } from '../core/schema';

/** How an ONNX file is written, where not as Convscope keeps it. */
export const exportForm = object({
  opset: optional(whole(1)),
  /** Whether the network ends in a softmax; as it is where left out. */
  softmax: optional(boolean),
  /** Whether the graph takes pixels of any size and prepares them itself. */
  inside: optional(boolean),
  number: optional(oneOf('float32', 'float16', 'int8')),
});
export type ExportForm = Infer<typeof exportForm>;
