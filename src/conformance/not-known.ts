/**
 * Thrown for what the core does not implement: an operator or version without a layer, an element type other than
 * float32 (int64 for labels and shapes), more than three spatial dimensions, a second output that the layer lacks, random
 * dropout. Anything else that goes wrong is a failure.
 */
export class NotKnown extends Error {
  override name = 'NotKnown';
}
