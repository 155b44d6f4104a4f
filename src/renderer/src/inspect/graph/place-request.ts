import type { Part, Room } from '../../../../core/onnx-graph/nested';

/** What the window asks its worker to place. */
export interface PlaceRequest {
  parts: readonly Part[];
  edges: readonly { from: number; to: number }[];
  room: Room;
}
