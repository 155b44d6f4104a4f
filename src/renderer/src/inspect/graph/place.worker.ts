import { placeNested, type NestedPlaces } from '../../../../core/onnx-graph/nested';
import type { PlaceRequest } from './place-request';

/** Places a graph beside the window's own thread. It is ended where the answer is no longer wanted. */
self.onmessage = ({ data }: MessageEvent<PlaceRequest>): void => {
  const { parts, edges, room } = data;
  const answer: NestedPlaces = placeNested(parts, edges, room)!;
  self.postMessage(answer);
};
