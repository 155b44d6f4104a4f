import type { Client, Kernels, LayerInfo, MapDetail, NodeInfo, Thumbnails } from '../../../shared/protocol';
import type { Explained } from '../../../core/explain/types';
import { isFlat, mapsOf } from './layers';
import { Resource, RequestCache } from './resource.svelte';

/** One feature map as bytes: value = step · data[i]. */
export interface Thumb {
  height: number;
  width: number;
  data: Int8Array;
  /** Value of one step of `data`. */
  step: number;
  absMax: number;
  min: number;
  max: number;
}

export interface Values {
  height: number;
  width: number;
  data: Float32Array;
}

export type Details = { maps: MapDetail[]; layer: MapDetail };

/** Maps are asked for in runs of this many, so that scrolling asks seldom and never twice. */
const RUN = 64;
/** Flat features come as their values, all at once, up to this many: four bytes each instead of thirteen. */
const VECTOR = 4096;

/** The thumbnails of one layer, run by run as they are looked at. Reactive. */
export class ThumbSheet {
  readonly #runs: (Resource<Thumbnails> | undefined)[] = [];

  /** @param run how many maps come with one answer. */
  constructor(
    readonly channels: number,
    readonly run: number,
    readonly ask: (first: number, count: number) => Promise<Thumbnails>,
  ) {}

  /** Asks for the maps `first` … `first + count − 1` where that has not happened; resolves when they are here. */
  need(first: number, count: number): Promise<unknown> {
    const waiting: Promise<unknown>[] = [];
    const last = Math.min(this.channels, first + count) - 1;
    for (let at = Math.floor(Math.max(0, first) / this.run); at <= Math.floor(last / this.run); at++) {
      waiting.push(this.#at(at).promise);
    }
    return Promise.all(waiting);
  }

  /** A map, null until it is here; asks for it. */
  map(channel: number): Thumb | null {
    const run = this.#at(Math.floor(channel / this.run)).value;
    return run ? thumb(run, channel - run.first) : null;
  }

  /** Largest absolute value of the whole layer, 0 until some map is here. */
  get most(): number {
    return this.#runs.find((run) => run?.value)?.value?.most ?? 0;
  }

  #at(at: number): Resource<Thumbnails> {
    const first = at * this.run;
    return (this.#runs[at] ??= new Resource(this.ask(first, Math.min(this.run, this.channels - first))));
  }
}

/** Flat features as maps of 1 × 1. */
function vectorThumbnails(layer: number, { data }: Values): Thumbnails {
  return {
    layer,
    first: 0,
    count: data.length,
    most: data.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    height: 1,
    width: 1,
    absMax: data.map(Math.abs),
    min: data,
    max: data,
    data: Int8Array.from(data, (value) => Math.sign(value) * 127),
  };
}

function thumb(run: Thumbnails, i: number): Thumb {
  const cells = run.height * run.width;
  return {
    height: run.height,
    width: run.width,
    data: run.data.subarray(i * cells, (i + 1) * cells),
    step: run.absMax[i] / 127,
    absMax: run.absMax[i],
    min: run.min[i],
    max: run.max[i],
  };
}

/** What has been fetched of one inspection. A new image has a new one; the old one is let go. */
export class InspectionTensors {
  readonly #sheets = new Map<number, ThumbSheet>();
  readonly #values = new RequestCache<Values>(192);
  readonly #details = new RequestCache<Details>(64);
  readonly #explanations = new RequestCache<Explained>(64);

  constructor(
    readonly client: Client,
    readonly inspection: number,
    readonly layerAt: (layer: number) => LayerInfo,
  ) {}

  sheet(layer: number): ThumbSheet {
    let sheet = this.#sheets.get(layer);
    if (!sheet) {
      sheet = this.#sheet(layer);
      this.#sheets.set(layer, sheet);
    }
    return sheet;
  }

  #sheet(layer: number): ThumbSheet {
    const { client, inspection } = this;
    const info = this.layerAt(layer);
    const [channels] = mapsOf(info);
    if (isFlat(info) && channels <= VECTOR) {
      return new ThumbSheet(channels, channels, async () => {
        const vector = this.values(layer, -1);
        const values = await vector.promise;
        if (!values) throw vector.failure;
        return vectorThumbnails(layer, values);
      });
    }
    return new ThumbSheet(channels, RUN, (first, count) =>
      client.call('thumbnails', { inspection, layer, first, count }),
    );
  }

  /** One map at full resolution; channel −1 of flat features is the whole vector. */
  values(layer: number, channel: number): Resource<Values> {
    const { client, inspection } = this;
    return this.#values.get(`${layer}:${channel}`, () => client.call('values', { inspection, layer, channel }));
  }

  details(layer: number, first: number, count: number): Resource<Details> {
    const { client, inspection } = this;
    return this.#details.get(`${layer}:${first}:${count}`, () =>
      client.call('mapDetails', { inspection, layer, first, count }),
    );
  }

  explain(layer: number, channel: number, y: number, x: number): Resource<Explained> {
    const { client, inspection } = this;
    return this.#explanations.get(`${layer}:${channel}:${y}:${x}`, () =>
      client.call('explain', { inspection, layer, channel, y, x }),
    );
  }
}

export interface Norms {
  outputs: number;
  inputs: number;
  norms: Float32Array;
}

/** What has been fetched of one model's weights. */
export class ModelTensors {
  readonly #kernels = new RequestCache<Kernels>(96);
  readonly #norms = new RequestCache<Norms>(64);
  readonly #nodes = new RequestCache<NodeInfo[]>(64);

  constructor(
    readonly client: Client,
    readonly model: number,
  ) {}

  kernels(layer: number, first: number, count: number): Resource<Kernels> {
    const { client, model } = this;
    return this.#kernels.get(`${layer}:${first}:${count}`, () =>
      client.call('kernels', { model, layer, first, count }),
    );
  }

  /** The nodes that a layer of a foreign network is made of. */
  nodes(layer: number): Resource<NodeInfo[]> {
    const { client, model } = this;
    return this.#nodes.get(String(layer), () => client.call('nodes', { model, layer }));
  }

  norms(layer: LayerInfo['index']): Resource<Norms> {
    const { client, model } = this;
    return this.#norms.get(String(layer), () => client.call('kernelNorms', { model, layer }));
  }
}
