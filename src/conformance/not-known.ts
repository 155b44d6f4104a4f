/**
 * Thrown for what lies outside of what the core is: an operator or version that no layer of ours is, an element type other than float32
 * (int64 for labels and shapes), more than two spatial dimensions, a second output that the layer has not, random dropout.
 * Anything else that goes wrong is a failure.
 */
export class NotKnown extends Error {
  override name = 'NotKnown';
}
