import type { NestedPlaces } from '../../../../core/onnx-graph/nested';
import type { PlaceRequest } from './place-request';
import PlaceWorker from './place.worker?worker';

/** Has graphs placed by a worker, one at a time: what is asked for ends what was asked for before. */
export class Placer {
  #worker: Worker | null = null;
  #busy = false;
  #turn = 0;

  /** Null where something else was asked for meanwhile, or it was cancelled. Rejects where the worker failed. */
  async place(request: PlaceRequest): Promise<NestedPlaces | null> {
    if (this.#busy) this.cancel();
    const turn = ++this.#turn;
    const worker = (this.#worker ??= new PlaceWorker());
    this.#busy = true;
    const answer = await new Promise<NestedPlaces>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<NestedPlaces>) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(request);
      this.#abandon = () => resolve({ places: [], lines: [], width: 0, height: 0 });
    });
    if (turn !== this.#turn) return null;
    this.#busy = false;
    return answer;
  }

  #abandon = (): void => {};

  cancel(): void {
    this.#turn++;
    this.#busy = false;
    this.#worker?.terminate();
    this.#worker = null;
    this.#abandon();
  }
}
