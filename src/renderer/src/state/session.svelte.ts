import { createContext } from 'svelte';
import type {
  Client,
  Failure,
  ImageSource,
  InputOptions,
  Inspection,
  ModelInfo,
  ModelSource,
  Picture,
  PictureInput,
  SampleInfo,
  StartInfo,
} from '../../../shared/protocol';
import type { ClassicInfo } from '../../../shared/classics';
import type { ComputeChoices, ComputeSettings } from '../../../shared/settings';
import { FailureError, toFailure } from '../../../shared/failures';
import { isMessage, say, type Message } from '../../../words';
import { asRun } from './layers';
import { start, within, type Selection } from './navigation';
import { recallHere, rememberHere } from './memory';
import { samplesOf } from './samples';
import type { Scope } from './scale';
import { Status } from './status.svelte';
import { RequestCache, type Resource } from './resource.svelte';
import { InspectionTensors, ModelTensors } from './tensors.svelte';
import { Verifications } from './verifications';
import { firstLook, View } from './view.svelte';

export const [useSession, provideSession] = createContext<Session>();

/** The current layer, map and unit, as a window remembers them. */
interface Remembered {
  selection: Selection;
  scope: Scope;
  after: OwnOptions | null;
}

/** What one chooses for every image, whatever its network. */
type OwnOptions = Pick<InputOptions, 'invert' | 'background'>;

/** What shows through transparency where nothing else was chosen. */
export const WHITE = '#ffffff';
const AS_EVALUATED: OwnOptions = { invert: 'auto', background: WHITE };
const ownOptions = ({ invert, background }: OwnOptions): OwnOptions => ({ invert, background });

/**
 * The state of the Inspect screen: opens a network and has the engine inspect an image with it; the rest is in `View`. Components
 * read it and call its methods; nothing else speaks to the engine.
 */
export class Session extends View {
  readonly status = new Status();
  readonly verifications: Verifications;
  info = $state.raw<StartInfo | null>(null);
  /** Null until a list of them was opened. */
  classics = $state.raw<readonly ClassicInfo[] | null>(null);
  /** How foreign networks are computed; null until it was asked for. */
  settings = $state.raw<ComputeChoices | null>(null);
  /** What `model` was opened from. */
  source = $state.raw<ModelSource | null>(null);

  options = $state.raw<InputOptions>({ fit: 'letterbox', invert: 'auto', background: WHITE });
  image = $state.raw<ImageSource | null>(null);

  /** How the picture that is shown was made ready: of a foreign network as guessed, or as one chose. */
  readonly preprocessing = $derived.by(() => {
    const { picture } = this.options;
    return this.model && { ...this.model.preprocessing, ...picture };
  });
  /** The sample that is shown, if it is one. */
  readonly sample = $derived.by((): SampleInfo | null => {
    const image = this.image;
    if (image?.kind !== 'sample') return null;
    return this.info?.samples.find(({ id }) => id === image.id) ?? null;
  });

  /** A link that is to be opened: named on the command line, or followed elsewhere on this system. */
  asked = $state.raw<string | null>(null);

  #latest = 0;
  #inspecting = false;
  /** The options of the next image, where the one shown is taken as an evaluation took it. */
  #after = $state.raw<OwnOptions | null>(null);
  #waiting: { image: ImageSource; asEvaluated: boolean } | null = null;

  constructor(readonly client: Client) {
    super();
    this.verifications = new Verifications(client, this.status);
    client.on('restarted', ({ reason }) => void this.#reopen(reason));
    client.on('link', ({ text }) => (this.asked = text));
    client.on('notice', ({ failure }) => this.status.fail(failure));
  }

  /**
   * Opens what the command line named, or the first network with its sample; in a window that takes the place of one that died,
   * what was open there.
   */
  async begin(): Promise<void> {
    const info = await this.client.call('start', {});
    this.info = info;
    if (info.reopened && (await this.#goOn(info.reopened))) return;
    const { notice } = this.status;
    await this.openModel(info.open.model, info.open.image);
    if (notice) this.status.notice = notice;
    else if (info.failure) this.status.fail(info.failure);
    this.asked ??= info.open.link;
  }

  /** Asks for the classic networks once. */
  async loadClassics(): Promise<void> {
    if (this.classics) return;
    try {
      this.classics = await this.client.call('classics', {});
    } catch (error) {
      this.status.fail(toFailure(error));
    }
  }

  /**
   * Opens a network and shows the image again with it. On failure everything stays as it was.
   * @param asEvaluated whether that image, and no later one, is taken as an evaluation takes it, whatever options were chosen by hand.
   */
  async openModel(
    source: ModelSource,
    image: ImageSource | null = this.image,
    { asEvaluated = false }: { asEvaluated?: boolean } = {},
  ): Promise<boolean> {
    const turn = ++this.#latest;
    const done = this.status.work();
    try {
      const model = await this.#opened(source, turn);
      if (!model) return false;
      const suited = this.#suited(model, image);
      const usual = suited === this.image && !asEvaluated ? this.options : this.#optionsForAnother();
      const given: Partial<InputOptions> = this.model ? usual : { background: this.options.background };
      const options: Partial<InputOptions> = asEvaluated ? { ...given, ...AS_EVALUATED } : given;
      const inspection = suited
        ? await this.client
            .call('inspect', {
              model: model.model,
              image: suited,
              // What one chose for a foreign network is that network's alone.
              options: chosen({ ...options, fit: model.preprocessing.fit, picture: undefined }),
            })
            .catch((error: unknown) => this.#bare(model, source, turn, error))
        : null;
      if (turn !== this.#latest) return false;
      if (inspection === 'bare') return true;
      this.#take(model, source);
      const after = asEvaluated ? ownOptions(usual) : suited === this.image ? this.#after : null;
      if (suited && inspection) this.#show(suited, inspection, after);
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
   * Opens a network. Of one that onnxruntime takes long to open the graph is shown meanwhile.
   * @returns null where something else was asked for meanwhile.
   */
  async #opened(source: ModelSource, turn: number): Promise<ModelInfo | null> {
    const model = await this.client.call('openModel', { source });
    if (turn !== this.#latest) return null;
    if (!model.foreign?.opening) return model;
    this.#take(model, source);
    this.#withoutPicture();
    this.status.say('status.opening', {}, 'info', { holds: () => this.model?.foreign?.opening ?? false });
    const told = await this.client.call('modelOpened', { model: model.model });
    if (!told.foreign) return null;
    // The same graph, which is laid out already.
    const opened = { ...told, foreign: { ...told.foreign, graph: model.foreign.graph } };
    // At once, not with its first picture: where another picture is dropped meanwhile, nothing else would take it.
    if (this.model?.model === opened.model) this.#take(opened, source);
    if (turn === this.#latest) return opened;
    return null;
  }

  /** A network takes the place of what was open. Where its graph was shown already, one goes on where one was in it. */
  #take(model: ModelInfo, source: ModelSource): void {
    const known = this.model?.model === model.model;
    this.source = source;
    this.model = model;
    this.weights = new ModelTensors(this.client, model.model);
    this.selection = within(model, known ? this.selection : { ...start, depth: 0, ...firstLook(model) });
    if (!known) this.placed = false;
  }

  #withoutPicture(): void {
    this.inspection = null;
    this.tensors = null;
  }

  /** A foreign network that fails when it is run is shown as its graph, with the failure. @throws any other error. */
  #bare(model: ModelInfo, source: ModelSource, turn: number, error: unknown): 'bare' {
    if (toFailure(error).code !== 'model.invalid' || !model.foreign) throw error;
    if (turn !== this.#latest) return 'bare';
    this.#take(model, source);
    this.#withoutPicture();
    this.#fail(error, source);
    return 'bare';
  }

  /**
   * Network, image and options at once, as a link or the history has them; null stays as it is, options that are left out are the
   * network's own. What is open already is not opened anew. On failure everything stays as it was.
   */
  async openAs(
    source: ModelSource | null,
    image: ImageSource | null,
    options: Partial<InputOptions>,
  ): Promise<boolean> {
    const turn = ++this.#latest;
    const done = this.status.work();
    try {
      const kept = source === null || sameSource(source, this.source) ? this.model : null;
      if (!kept && !source) throw new FailureError('internal', { reason: say('link.no-network') });
      const model = kept ?? (await this.#opened(source!, turn));
      if (!model || turn !== this.#latest) return false;
      const wanted = image ?? this.#suited(model, this.image);
      const own: InputOptions = { fit: model.preprocessing.fit, invert: 'auto', background: WHITE };
      const given = {
        ...own,
        ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
      };
      const shown = kept !== null && wanted !== null && sameSource(wanted, this.image);
      if (!shown || !sameOptions(given, this.options)) {
        const inspection = wanted
          ? await this.client.call('inspect', { model: model.model, image: wanted, options: chosen(given) })
          : null;
        if (turn !== this.#latest) return false;
        if (!kept) this.#take(model, source!);
        if (wanted && inspection) this.#show(wanted, inspection, shown ? this.#after : null);
      }
      this.status.clear();
      return true;
    } catch (error) {
      if (turn === this.#latest) this.#fail(error, image ?? source ?? { kind: 'sample', id: '' });
      return false;
    } finally {
      done();
    }
  }

  /**
   * Shows an image. While one is on its way the newest waits and the others are dropped, so that drawing stays live.
   * On failure the previous view stays. `since` is when the image came, for the time until the last thumbnail.
   * @param asEvaluated whether that image, and no later one, is taken as an evaluation takes it, whatever options were chosen by hand.
   */
  async inspect(
    image: ImageSource,
    since = performance.now(),
    { asEvaluated = false }: { asEvaluated?: boolean } = {},
  ): Promise<boolean> {
    if (this.#inspecting) {
      this.#waiting = { image, asEvaluated };
      return false;
    }
    this.#inspecting = true;
    try {
      const after = asEvaluated ? ownOptions(this.#optionsForAnother()) : null;
      return await this.#inspect(image, this.optionsForNext(asEvaluated), since, after);
    } finally {
      this.#inspecting = false;
      const next = this.#waiting;
      this.#waiting = null;
      if (next) void this.inspect(next.image, undefined, next);
    }
  }

  /** The options as they were chosen, without those that belong to the image now shown. */
  #optionsForAnother(): InputOptions {
    return { ...this.options, ...this.#after };
  }

  /** The options that `inspect` would take for another image. */
  optionsForNext(asEvaluated = false): InputOptions {
    const usual = this.#optionsForAnother();
    return asEvaluated ? { ...usual, ...AS_EVALUATED } : usual;
  }

  async #inspect(
    image: ImageSource,
    options: InputOptions,
    since = performance.now(),
    after: OwnOptions | null = null,
  ): Promise<boolean> {
    const model = this.model;
    if (!model) return false;
    const turn = ++this.#latest;
    const done = this.status.work();
    try {
      const inspection = await this.client.call('inspect', { model: model.model, image, options: chosen(options) });
      if (turn !== this.#latest || this.model?.model !== model.model) return false;
      this.startedAt = since;
      this.#show(image, inspection, after);
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
    if (this.#after) this.#after = ownOptions({ ...this.#after, ...change });
    if (this.image) {
      await this.#inspect(this.image, options, undefined, this.#after);
    }
  }

  /**
   * How a picture goes into this foreign network, undefined for as it is guessed: kept for the file, once the network has taken the
   * picture so.
   */
  async choosePicture(picture: PictureInput | undefined): Promise<void> {
    const model = this.model;
    if (!model?.foreign) return;
    try {
      // What is kept is taken where nothing is chosen.
      if (!picture) await this.#keep(model, { picture: null });
      await this.setOptions({ picture });
      const { picture: taken } = this.options;
      if (picture && this.model?.model === model.model && taken) await this.#keep(model, { picture: taken });
    } catch (error) {
      this.status.fail(toFailure(error));
    }
  }

  async #keep({ model }: ModelInfo, { picture }: { picture: PictureInput | null }): Promise<void> {
    await this.client.call('keepPicture', { model, picture });
    this.#changeForeign(model, (foreign) => ({ ...foreign, kept: { ...foreign.kept, picture } }));
  }

  /** Names the classes of this network after a file; null goes back to numbers. */
  async nameClasses(names: { file: string; text: string } | null): Promise<boolean> {
    const model = this.model;
    if (!model) return false;
    try {
      const { labels } = await this.client.call('keepLabels', { model: model.model, names });
      this.#changeForeign(
        model.model,
        (foreign) => ({ ...foreign, kept: { ...foreign.kept, labels: names !== null } }),
        {
          labels,
        },
      );
      // The answers are named, too.
      if (this.image && this.model?.model === model.model) await this.setOptions({});
      return true;
    } catch (error) {
      this.status.fail(toFailure(error));
      return false;
    }
  }

  #changeForeign(
    handle: number,
    change: (foreign: NonNullable<ModelInfo['foreign']>) => NonNullable<ModelInfo['foreign']>,
    more: Partial<ModelInfo> = {},
  ): void {
    const model = this.model;
    if (model?.model === handle && model.foreign) this.model = { ...model, ...more, foreign: change(model.foreign) };
  }

  /** When the image now shown was brought, until its last thumbnail is drawn. */
  startedAt = $state.raw<number | null>(null);

  /** Called when the last visible thumbnail of these tensors is on screen: leaves the measure `inspect` for the benchmark. */
  drawn(tensors: InspectionTensors): void {
    if (this.tensors !== tensors || this.startedAt === null) return;
    performance.measure('inspect', { start: this.startedAt, end: performance.now() });
    this.startedAt = null;
  }

  #show(image: ImageSource, inspection: Inspection, after: OwnOptions | null): void {
    this.image = image;
    this.#after = after;
    this.inspection = inspection;
    this.options = inspection.options;
    if (this.model) this.model = asRun(this.model, inspection);
    this.tensors = new InspectionTensors(this.client, inspection.inspection, (layer) => this.layerAt(layer));
  }

  readonly #pictures = new RequestCache<Picture>(400);

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

  /** Samples of the network's own classes; all of them where there is none. */
  get samples(): SampleInfo[] {
    const own = this.model ? samplesOf(this.model, this.info) : [];
    return own.length > 0 ? own : (this.info?.samples ?? []);
  }

  /** Whether there is a sample of the network's own classes. */
  get hasOwnSamples(): boolean {
    return this.model !== null && samplesOf(this.model, this.info).length > 0;
  }

  #suited(model: ModelInfo, image: ImageSource | null): ImageSource | null {
    const own = samplesOf(model, this.info);
    if (image && image.kind !== 'sample') return image;
    if (image && (own.length === 0 || own.some(({ id }) => id === image.id) || !this.model)) return image;
    const first = own[0] ?? this.info?.samples[0];
    return first ? { kind: 'sample', id: first.id } : null;
  }

  /** Requests the settings of how foreign networks are computed. */
  async loadSettings(): Promise<void> {
    try {
      this.settings = await this.client.call('settings', {});
    } catch (error) {
      this.status.fail(toFailure(error));
    }
  }

  /** Changes a setting, and reopens a foreign network, so that the setting takes effect. */
  async changeSettings(change: Partial<ComputeSettings>): Promise<void> {
    try {
      this.settings = await this.client.call('changeSettings', change);
    } catch (error) {
      return this.status.fail(toFailure(error));
    }
    if (this.model?.foreign) await this.#reopen(null);
  }

  /**
   * The network and the image are opened again, in place.
   * @param reason why: the worker was started anew, and its handles are gone; null where one asked for it.
   */
  async #reopen(reason: Message | null): Promise<void> {
    const { selection, image, options } = this;
    const source = this.source;
    if (!source) return;
    const turn = ++this.#latest;
    const done = this.status.work();
    try {
      const { model: handle } = await this.client.call('openModel', { source });
      const model = await this.client.call('modelOpened', { model: handle });
      const inspection = image
        ? await this.client.call('inspect', { model: model.model, image, options: chosen(options) })
        : null;
      if (turn !== this.#latest) return;
      this.model = model;
      this.weights = new ModelTensors(this.client, model.model);
      if (image && inspection) this.#show(image, inspection, this.#after);
      this.selection = within(model, selection);
      if (reason) this.status.say('status.restarted', { reason }, 'warn');
      else this.status.clear();
    } catch (error) {
      if (turn === this.#latest) this.#fail(error, image ?? source);
    } finally {
      done();
    }
  }

  /** Takes the place of a window that died. False where what was open cannot be opened again, which is said. */
  async #goOn({ model, image, options, reason }: NonNullable<StartInfo['reopened']>): Promise<boolean> {
    const { selection, scope, after } = recallHere<Remembered>('view') ?? {
      selection: this.selection,
      scope: this.scope,
      after: null,
    };
    this.source = model;
    this.image = image;
    this.options = options;
    this.#after = after;
    this.selection = selection;
    this.scope = scope;
    await this.#reopen(reason);
    return this.model !== null;
  }

  /** The current layer, map and unit, for the window that replaces this one. Reactive. */
  rememberView(): void {
    const view: Remembered = { selection: this.selection, scope: this.scope, after: this.#after };
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
}

const sameSource = (a: ModelSource | ImageSource, b: ModelSource | ImageSource | null): boolean =>
  a === b || (b !== null && a.kind === b.kind && 'id' in a && 'id' in b && a.id === b.id);

const sameOptions = (a: InputOptions, b: InputOptions): boolean => {
  const told = ({ fit, invert, background, picture }: InputOptions): string =>
    JSON.stringify([fit, invert, background, picture ?? null]);
  return told(a) === told(b);
};

/** The default background is white and is left out, so that a letterbox's bars have the network's own color. */
export function chosen({ background, ...options }: Partial<InputOptions>): Partial<InputOptions> {
  return background === WHITE ? options : { ...options, background };
}
