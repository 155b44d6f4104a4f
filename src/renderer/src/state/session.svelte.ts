import { createContext } from 'svelte';
import type {
  Client,
  Failure,
  ImageSource,
  InputOptions,
  Inspection,
  LayerInfo,
  ModelInfo,
  ModelSource,
  Picture,
  SampleInfo,
  StartInfo,
} from '../../../shared/protocol';
import { FailureError, toFailure } from '../../../shared/failures';
import { isMessage, say, type Message } from '../../../words';
import { asRun, drawnModel, isNonNegative, layerAt, mapsOf } from './layers';
import {
  start,
  stepInput,
  stepLayer,
  stepMap,
  stepUnit,
  strongest,
  toDepth,
  toLayer,
  within,
  type Selection,
} from './navigation';
import { recallHere, rememberHere } from './memory';
import { layerScale, networkScale, scopeOf, scopes, type Scope } from './scale';
import { Status } from './status.svelte';
import { Shelf, type Resource } from './resource.svelte';
import { InspectionTensors, ModelTensors } from './tensors.svelte';
import { Verifications } from './verifications';

export const [useSession, provideSession] = createContext<Session>();

/** The color scale of a map: ±`most` at its ends, and whose it is. */
export interface MapScale {
  most: number;
  scope: Scope;
}

/** Where one looks, as a window remembers it. */
interface View {
  selection: Selection;
  scope: Scope;
  invertAfter: InputOptions['invert'] | null;
}

const WHITE = '#ffffff';

/**
 * One network and one image, and where one looks: the state of the Inspect screen. Components read it and call its
 * methods; nothing else speaks to the engine.
 */
export class Session {
  readonly status = new Status();
  readonly verifications: Verifications;
  info = $state.raw<StartInfo | null>(null);
  model = $state.raw<ModelInfo | null>(null);
  inspection = $state.raw<Inspection | null>(null);
  /** What has been fetched of the inspection and of the model. */
  tensors = $state.raw<InspectionTensors | null>(null);
  weights = $state.raw<ModelTensors | null>(null);

  options = $state.raw<InputOptions>({ fit: 'letterbox', invert: 'auto', background: WHITE });
  image = $state.raw<ImageSource | null>(null);
  selection = $state.raw<Selection>(start);
  scope = $state<Scope>('layer');

  readonly networkMost = $derived(this.model && this.inspection ? networkScale(this.model, this.inspection) : 0);
  /** The network as the overview draws it. */
  readonly drawing = $derived(this.model && drawnModel(this.model));
  /** How the picture that is shown was made ready: of a network of others as guessed, or as one chose. */
  readonly preprocessing = $derived.by(() => {
    const { picture } = this.options;
    return this.model && { ...this.model.preprocessing, ...picture };
  });
  readonly layer = $derived(this.model ? layerAt(this.model, this.selection.layer) : null);
  /** The sample that is shown, if it is one. */
  readonly sample = $derived.by((): SampleInfo | null => {
    const image = this.image;
    if (image?.kind !== 'sample') return null;
    return this.info?.samples.find(({ id }) => id === image.id) ?? null;
  });

  #modelSource: ModelSource | null = null;
  #latest = 0;
  /** Whether the unit was chosen by hand. */
  #placed = false;
  #inspecting = false;
  /** What to invert by once another image comes, where the one shown is to be taken as it is. */
  #invertAfter = $state.raw<InputOptions['invert'] | null>(null);
  #waiting: ImageSource | null = null;

  constructor(readonly client: Client) {
    this.verifications = new Verifications(client, this.status);
    client.on('restarted', ({ reason }) => void this.#reopen(reason));
    client.on('notice', ({ failure }) => this.status.fail(failure));
  }

  /**
   * Opens what the command line named, or the first network with its sample; in a window that takes the place of one that died,
   * what stood open there.
   */
  async begin(): Promise<void> {
    const info = await this.client.call('start', {});
    this.info = info;
    if (info.reopened && (await this.#goOn(info.reopened))) return;
    const { notice } = this.status;
    await this.openModel(info.open.model, info.open.image);
    if (notice) this.status.notice = notice;
    else if (info.failure) this.status.fail(info.failure);
  }

  /**
   * Opens a network and shows the image again with it. On failure everything stays as it was.
   * @param asItIs whether that image, and no later one, is never inverted: an evaluation's own answers are to be seen.
   */
  async openModel(
    source: ModelSource,
    image: ImageSource | null = this.image,
    { asItIs = false }: { asItIs?: boolean } = {},
  ): Promise<boolean> {
    const turn = ++this.#latest;
    const done = this.status.work();
    try {
      const model = await this.client.call('openModel', { source });
      if (turn !== this.#latest) return false;
      const suited = this.#suited(model, image);
      const usual = suited === this.image && !asItIs ? this.options : this.#optionsForAnother();
      const given: Partial<InputOptions> = this.model ? usual : { background: this.options.background };
      const options: Partial<InputOptions> = asItIs ? { ...given, invert: 'off' } : given;
      const inspection = suited
        ? await this.client.call('inspect', {
            model: model.model,
            image: suited,
            // What one chose for a network of others is that network's alone.
            options: chosen({ ...options, fit: model.preprocessing.fit, picture: undefined }),
          })
        : null;
      if (turn !== this.#latest) return false;
      this.#modelSource = source;
      this.model = model;
      this.weights = new ModelTensors(this.client, model.model);
      this.selection = within(model, { ...start, depth: 0, ...firstLook(model) });
      this.#placed = false;
      const invertAfter = asItIs ? usual.invert : suited === this.image ? this.#invertAfter : null;
      if (suited && inspection) this.#show(suited, inspection, invertAfter);
      this.status.clear();
      return true;
    } catch (error) {
      if (turn === this.#latest) this.#fail(error, source);
      return false;
    } finally {
      done();
    }
  }

  /**
   * Shows an image. While one is on its way the newest waits and the others are dropped, so that drawing stays live.
   * On failure the previous view stays. `since` is when the image came, for the time until the last thumbnail.
   */
  async inspect(image: ImageSource, since = performance.now()): Promise<boolean> {
    if (this.#inspecting) {
      this.#waiting = image;
      return false;
    }
    this.#inspecting = true;
    try {
      return await this.#inspect(image, this.#optionsForAnother(), since);
    } finally {
      this.#inspecting = false;
      const next = this.#waiting;
      this.#waiting = null;
      if (next) void this.inspect(next);
    }
  }

  /** The options as they were chosen, without those that belong to the image now shown. */
  #optionsForAnother(): InputOptions {
    return this.#invertAfter === null ? this.options : { ...this.options, invert: this.#invertAfter };
  }

  async #inspect(
    image: ImageSource,
    options: InputOptions,
    since = performance.now(),
    invertAfter: InputOptions['invert'] | null = null,
  ): Promise<boolean> {
    const model = this.model;
    if (!model) return false;
    const turn = ++this.#latest;
    const done = this.status.work();
    try {
      const inspection = await this.client.call('inspect', { model: model.model, image, options: chosen(options) });
      if (turn !== this.#latest || this.model !== model) return false;
      this.startedAt = since;
      this.#show(image, inspection, invertAfter);
      this.status.clear();
      return true;
    } catch (error) {
      if (turn !== this.#latest) return false;
      // What is shown is still the picture of before, with its own options.
      this.options = this.inspection?.options ?? this.options;
      this.#fail(error, image);
      return false;
    } finally {
      done();
    }
  }

  /** Fit, invert or background: the same image once more. */
  async setOptions(change: Partial<InputOptions>): Promise<void> {
    const options = { ...this.options, ...change };
    this.options = options;
    if (change.invert) this.#invertAfter = null;
    if (this.image) {
      await this.#inspect(this.image, options, undefined, this.#invertAfter);
    }
  }

  /** When the image now shown was brought, until its last thumbnail is drawn. */
  startedAt = $state.raw<number | null>(null);

  /** Called when the last visible thumbnail of these tensors is on screen: leaves the measure `inspect` for the benchmark. */
  drawn(tensors: InspectionTensors): void {
    if (this.tensors !== tensors || this.startedAt === null) return;
    performance.measure('inspect', { start: this.startedAt, end: performance.now() });
    this.startedAt = null;
  }

  #show(image: ImageSource, inspection: Inspection, invertAfter: InputOptions['invert'] | null): void {
    this.image = image;
    this.#invertAfter = invertAfter;
    this.inspection = inspection;
    this.options = inspection.options;
    if (this.model) this.model = asRun(this.model, inspection);
    this.tensors = new InspectionTensors(this.client, inspection.inspection, (layer) => this.layerAt(layer));
  }

  readonly #pictures = new Shelf<Picture>(400);

  /** A bundled sample's picture, for pickers. */
  samplePicture(id: string): Resource<Picture> {
    return this.#pictures.get(id, () => this.client.call('samplePicture', { id }));
  }

  /** The sample before (−1) or after (1) among those that suit the network. */
  async stepSample(step: number): Promise<void> {
    const samples = this.samples;
    if (samples.length === 0) return;
    const at = samples.findIndex(({ id }) => this.image?.kind === 'sample' && id === this.image.id);
    const next = at < 0 ? (step > 0 ? 0 : samples.length - 1) : (at + step + samples.length) % samples.length;
    await this.inspect({ kind: 'sample', id: samples[next].id });
  }

  /** Whether a file of such a name holds a data set, by what the engine reads. */
  isDataFile(name: string): boolean {
    return this.info !== null && new RegExp(this.info.dataFiles, 'i').test(name);
  }

  /** Samples that suit the network; all where none was made for it. */
  get samples(): SampleInfo[] {
    const all = this.info?.samples ?? [];
    const suited = all.filter(({ models }) => this.model !== null && models.includes(this.model.id));
    return suited.length > 0 ? suited : all;
  }

  #suited(model: ModelInfo, image: ImageSource | null): ImageSource | null {
    const samples = this.info?.samples ?? [];
    const own = samples.filter(({ models }) => models.includes(model.id));
    if (image && image.kind !== 'sample') return image;
    if (image && (own.length === 0 || own.some(({ id }) => id === image.id) || !this.model)) return image;
    const first = own[0] ?? samples[0];
    return first ? { kind: 'sample', id: first.id } : null;
  }

  /** The worker was started anew: its handles are gone, so the network and the image are opened again, in place. */
  async #reopen(reason: Message): Promise<void> {
    const { selection, image, options } = this;
    const source = this.#modelSource;
    if (!source) return;
    const turn = ++this.#latest;
    try {
      const model = await this.client.call('openModel', { source });
      const inspection = image
        ? await this.client.call('inspect', { model: model.model, image, options: chosen(options) })
        : null;
      if (turn !== this.#latest) return;
      this.model = model;
      this.weights = new ModelTensors(this.client, model.model);
      if (image && inspection) this.#show(image, inspection, this.#invertAfter);
      this.selection = within(model, selection);
      this.status.say('status.restarted', { reason }, 'warn');
    } catch (error) {
      if (turn === this.#latest) this.#fail(error, image ?? source);
    }
  }

  /** Takes the place of a window that died. False where what was open cannot be opened again, which is said. */
  async #goOn({ model, image, options, reason }: NonNullable<StartInfo['reopened']>): Promise<boolean> {
    const { selection, scope, invertAfter } = recallHere<View>('view') ?? { ...this, invertAfter: null };
    this.#modelSource = model;
    this.image = image;
    this.options = options;
    this.#invertAfter = invertAfter;
    this.selection = selection;
    this.scope = scope;
    await this.#reopen(reason);
    return this.model !== null;
  }

  /** Where one looks, for the window that takes this one's place. Reactive. */
  rememberView(): void {
    const view: View = { selection: this.selection, scope: this.scope, invertAfter: this.#invertAfter };
    rememberHere('view', view);
  }

  #fail(error: unknown, subject: ImageSource | ModelSource): void {
    const failure: Failure = toFailure(error);
    // A bare reason says more with the name of what was being opened.
    const name = subject.kind === 'bytes' ? subject.name : null;
    const { reason } = failure.values;
    if (failure.code === 'internal' && name && isMessage(reason) && !failure.message.includes(name))
      this.status.fail(new FailureError('internal', { reason: say('system.about', { name, reason }) }).toJSON());
    else this.status.fail(failure);
  }

  // ---- where one looks ----

  layerAt(index: number): LayerInfo {
    if (!this.model) throw new Error('no network is open');
    return layerAt(this.model, index);
  }

  /** First click selects, the same again goes deeper, a sibling swaps in place. True where it went deeper. */
  activate(layer: number, channel: number, place?: { y: number; x: number }): boolean {
    const same = this.selection.layer === layer && this.selection.channel === channel;
    this.select(layer, channel, place);
    if (same) this.deeper();
    return same;
  }

  select(layer: number, channel: number, place?: { y: number; x: number }): void {
    if (!this.model) return;
    if (place) this.#placed = true;
    // Without a place the same part of the picture stays selected in another layer's smaller or larger maps.
    const carried = layer === this.selection.layer ? this.selection : toLayer(this.model, this.selection, layer);
    this.selection = within(this.model, { ...carried, channel, ...place });
  }

  selectInput(inChannel: number): void {
    this.selection = { ...this.selection, inChannel };
  }

  /** Any part of the selection at once, kept inside the bounds. */
  look(change: Partial<Selection>): void {
    if (!this.model) return;
    if (change.y !== undefined || change.x !== undefined) this.#placed = true;
    this.selection = within(this.model, { ...this.selection, ...change });
  }

  toLayer(index: number): void {
    if (this.model) this.selection = toLayer(this.model, this.selection, index);
  }

  deeper(): void {
    this.goTo(this.selection.depth + 1);
  }

  up(): void {
    this.goTo(this.selection.depth - 1);
  }

  goTo(depth: number): void {
    const selection = toDepth(this.selection, depth);
    const opens = selection.depth === 2 && this.selection.depth < 2;
    this.selection = opens && !this.#placed ? { ...selection, ...this.#strongest(selection) } : selection;
  }

  /** The unit of the map that fires most, to a thumbnail's precision: where nobody chose one, pixel depth begins there. */
  #strongest({ layer, channel }: Selection): { y: number; x: number } | null {
    const thumb = this.tensors?.sheet(layer).map(channel);
    if (!this.model || !thumb) return null;
    const [, height, width] = mapsOf(layerAt(this.model, layer));
    return strongest(thumb, height, width);
  }

  stepMap(step: number): void {
    if (this.model) this.selection = stepMap(this.model, this.selection, step);
  }

  stepLayer(step: number): void {
    if (this.model) this.selection = stepLayer(this.model, this.selection, step);
  }

  stepUnit(dy: number, dx: number): void {
    if (!this.model) return;
    this.#placed = true;
    this.selection = stepUnit(this.model, this.selection, dy, dx);
  }

  stepInput(step: number): void {
    if (this.model) this.selection = stepInput(this.model, this.selection, step);
  }

  // ---- the color scale ----

  stepScope(): void {
    this.scope = scopes[(scopes.indexOf(this.scope) + 1) % scopes.length];
  }

  /** The scale of one map. `unitMost` is its own largest absolute value, for the scope of one unit. */
  scaleOf(layer: number, unitMost: number): MapScale {
    if (!this.model || !this.inspection) return { most: 0, scope: 'layer' };
    const scope = scopeOf(this.model, layer, this.scope);
    const most = scope === 'network' ? this.networkMost : scope === 'layer' ? this.layerMost(layer) : unitMost;
    return { most, scope };
  }

  /** Largest absolute value of a layer; of one that was not computed with the others once a map of it is here. */
  layerMost(layer: number): number {
    const known = this.inspection && layerScale(this.inspection, layer);
    return known ?? this.tensors?.sheet(layer).most ?? 0;
  }

  isNonNegative(layer: number): boolean {
    return this.model !== null && isNonNegative(this.model, layer);
  }
}

/** White shows through where nobody chose: it is left out, so that a letterbox's bars are what the network knows. */
function chosen({ background, ...options }: Partial<InputOptions>): Partial<InputOptions> {
  return background === WHITE ? options : { ...options, background };
}

/** What a network shows first: map 0 of its first layer, the unit in its middle. */
function firstLook(model: ModelInfo): Partial<Selection> {
  const layer = model.foreign ? (model.foreign.drawn[0]?.layer ?? -1) : model.layers.length > 0 ? 0 : -1;
  const [, height, width] = mapsOf(layerAt(model, layer));
  return { layer, channel: 0, y: Math.floor(height / 2), x: Math.floor(width / 2) };
}
