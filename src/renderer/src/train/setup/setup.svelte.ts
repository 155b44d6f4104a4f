import { createContext } from 'svelte';
import { toFailure } from '../../../../shared/failures';
import { isMessage, type Message } from '../../../../words';
import type { Client, Failure, Fit } from '../../../../shared/protocol';
import { isGenerated } from '../../../../shared/recipes';
import type {
  DataInfo,
  NetworkChoice,
  NetworkInfo,
  NetworkVariant,
  Recipe,
  RunInfo,
  RunRequest,
} from '../../../../shared/training';
import { Shelf, type Resource } from '../../state/resource.svelte';
import type { Session } from '../../state/session.svelte';
import { recallHere, rememberHere } from '../../state/memory';
import { SettingsForm, type TypedSettings } from './form.svelte';
import type { PickedFolder } from './entries';
import { doubtOf, RangeForm, sameRange, suggestedRange, type RangeKind } from './range.svelte';
import { fieldOf } from './settings';
import { suits, suggestedSource } from './suggest';
import { Survey } from './survey.svelte';
import { Upload } from './upload.svelte';

export const [useSetup, provideSetup] = createContext<Setup>();

export type Source = NetworkChoice['source'];

/** How a run is called: by its network and, where several vote, its number among them. */
export type TitleOf = (network: NetworkChoice, member: { number: number; of: number } | null) => string;

/** The setup, as a window remembers it; data and recipe by their ids. */
interface Remembered {
  data: string | null;
  fit: Fit;
  range: { kind: RangeKind; low: string; high: string };
  recipe: string | null;
  source: Source;
  variant: NetworkVariant;
  networkByHand: boolean;
  twinToo: boolean;
  title: string | null;
  settings: TypedSettings;
}

/**
 * What a run is to be begun with: data, network, settings. It outlives the screen that shows it, so that nothing typed is
 * lost by looking elsewhere.
 */
export class Setup {
  /** Null before the engine has answered. */
  known = $state.raw<readonly DataInfo[] | null>(null);
  recipes = $state.raw<readonly Recipe[] | null>(null);
  loadFailure = $state.raw<Failure | null>(null);

  data = $state.raw<DataInfo | null>(null);
  fit = $state.raw<Fit>('crop');
  readonly range = new RangeForm();
  /** The data, by its id, whose files leave a doubt about black and white. */
  #doubted = $state.raw<string | null>(null);
  survey = $state.raw<Survey | null>(null);
  upload = $state.raw<Upload | null>(null);
  /** Why what was chosen or dropped could not be taken. */
  dataFailure = $state.raw<Failure | null>(null);

  recipe = $state.raw<Recipe | null>(null);
  source = $state.raw<Source>({ kind: 'bundled', id: 'colors-cnn' });
  variant = $state.raw<NetworkVariant>('itself');
  /** Also trains the network's dense twin, in a run of its own. */
  twinToo = $state(false);
  readonly form = new SettingsForm();
  /** As somebody typed it; null: as suggested. */
  title = $state.raw<string | null>(null);

  starting = $state.raw(false);
  startFailure = $state.raw<Failure | null>(null);
  #networkByHand = false;
  /** How many folders are on their way. */
  #taking = 0;
  readonly #described = new Shelf<NetworkInfo>(24);
  readonly #surveys = new Map<string, Survey>();

  constructor(
    readonly session: Session,
    readonly client: Client = session.client,
  ) {
    // What was read before is asked for again: the engine may see other files now.
    client.on('restarted', () => this.#surveys.clear());
  }

  /**
   * Asks for the known data sets and, once, the recipes. The first time the setup is as in the window that this one takes the place of;
   * otherwise colored shapes are chosen, so that there is something to see.
   */
  async load(): Promise<void> {
    try {
      const [known, recipes] = await Promise.all([
        this.client.call('dataSets', {}),
        this.recipes ?? this.client.call('recipes', {}),
      ]);
      const remembered = this.known || !this.session.info?.reopened ? null : recallHere<Remembered>('setup');
      this.known = known;
      this.recipes = recipes;
      this.loadFailure = null;
      if (remembered) this.#goOn(remembered);
      const still = known.find(({ id }) => id === this.data?.id);
      if (this.data && still) this.data = still;
      if (!this.data && !this.recipe && this.#taking === 0) {
        const first = known.find(({ id }) => id === 'builtin:colors') ?? known.find(({ present }) => present);
        if (first) this.chooseData(first);
      }
    } catch (error) {
      this.loadFailure = toFailure(error);
    }
  }

  /** What was chosen and typed, for the window that takes this one's place. Nothing before `load`. Reactive. */
  remember(): void {
    if (!this.known) return;
    const { fit, source, variant, twinToo, title, form, range } = this;
    const setup: Remembered = {
      data: this.data?.id ?? null,
      fit,
      range: { kind: range.kind, low: range.low, high: range.high },
      recipe: this.recipe?.id ?? null,
      source,
      variant,
      networkByHand: this.#networkByHand,
      twinToo,
      title,
      settings: form.typed,
    };
    rememberHere('setup', setup);
  }

  #goOn({ data, range, recipe, networkByHand, settings, ...rest }: Remembered): void {
    this.data = this.known?.find(({ id }) => id === data) ?? null;
    this.recipe = this.recipes?.find(({ id }) => id === recipe) ?? null;
    Object.assign(this.range, range);
    Object.assign(this, rest);
    this.#networkByHand = networkByHand;
    this.form.typed = settings;
    this.look();
  }

  // ---- data ----

  chooseData(data: DataInfo): void {
    this.#choose(data);
    this.dataFailure = null;
    this.startFailure = null;
    if (!this.#networkByHand && !this.recipe) this.source = suggestedSource(data, this.recipes ?? []);
    this.look();
  }

  /** What was said of other data's pixels does not hold for these. */
  #choose(data: DataInfo | null): void {
    if (data?.id !== this.data?.id) this.range.kind = 'read';
    this.data = data;
  }

  chooseFit(fit: Fit): void {
    this.fit = fit;
    this.look();
  }

  /** Whether to ask which pixel values are black and white. It stays asked while the data is read anew. */
  get asksRange(): boolean {
    return this.data !== null && this.#doubted === this.data.id;
  }

  chooseRange(kind: RangeKind): void {
    const doubt = doubtOfSurvey(this.survey);
    this.range.choose(kind, (doubt && suggestedRange(doubt)) ?? this.survey?.request.range ?? null);
    this.readRange();
  }

  /** Reads the data with the range that was typed, where it is one and another. */
  readRange(): void {
    if (this.range.value !== undefined && !this.#rangeIsRead) this.look();
  }

  get #rangeIsRead(): boolean {
    return this.survey !== null && sameRange(this.range.value, this.survey.request.range ?? null);
  }

  /** Asks the host for a folder; false where this host has no dialog. */
  async chooseFolder(): Promise<boolean> {
    const { folders } = this.client;
    if (!folders) return false;
    await this.#take(() => folders.choose());
    return true;
  }

  /** A folder or file that the host can name by itself (Electron). */
  async takeDropped(file: File): Promise<void> {
    const { folders } = this.client;
    if (folders) await this.#take(() => folders.dropped(file));
  }

  /** A folder that goes file by file into the engine's cache (the browser host). One at a time. */
  async takeUpload(folder: PickedFolder): Promise<void> {
    if (this.upload) return;
    const upload = new Upload(this.client, folder);
    this.upload = upload;
    await this.#take(() => upload.run());
    this.upload = null;
  }

  async #take(bring: () => Promise<DataInfo | null>): Promise<void> {
    const done = this.session.status.work();
    this.dataFailure = null;
    this.#taking++;
    try {
      const data = await bring();
      if (!data) return;
      this.known = [data, ...(this.known ?? []).filter(({ id }) => id !== data.id)];
      this.chooseData(data);
      this.known = await this.client.call('dataSets', {});
    } catch (error) {
      this.refuse(error);
    } finally {
      this.#taking--;
      done();
    }
  }

  /** Says in place why something cannot be taken as data. */
  refuse(error: unknown): void {
    const failure = toFailure(error);
    if (failure.code !== 'cancelled') this.dataFailure = failure;
  }

  async forget(data: DataInfo): Promise<void> {
    try {
      await this.client.call('forgetData', { data: data.id });
      this.known = (this.known ?? []).filter(({ id }) => id !== data.id);
      if (this.data?.id === data.id) {
        this.data = null;
        this.look();
      }
    } catch (error) {
      this.refuse(error);
    }
  }

  /** Reads the chosen data at the network's size. What was read before and ended well is shown at once. */
  look(again = false): void {
    const { data, fit } = this;
    void this.survey?.cancel().catch(() => undefined);
    if (!data) {
      this.survey = null;
      return;
    }
    const network: NetworkChoice = { source: this.source, variant: 'itself' };
    const { value } = this.range;
    // What is no range, or not yet, changes nothing.
    const range =
      value === undefined && this.survey?.request.data === data.id ? this.survey.request.range : (value ?? undefined);
    const key = JSON.stringify([data.id, this.inputShape ?? this.source, fit, range]);
    const kept = again ? undefined : this.#surveys.get(key);
    if (kept?.result) {
      this.survey = kept;
      this.#noteDoubt(kept);
      return;
    }
    const survey = new Survey(this.client, this.session.status, { data: data.id, network, fit, range });
    this.#surveys.set(key, survey);
    this.survey = survey;
    void survey.run().then(() => this.#noteDoubt(survey));
  }

  #noteDoubt(survey: Survey): void {
    if (doubtOfSurvey(survey)) this.#doubted = survey.request.data;
  }

  // ---- network ----

  /** `[C, H, W]` that the network takes; null where only the engine knows. */
  get inputShape(): number[] | null {
    return inputShapeOf(this.session, this.recipes ?? [], this.source);
  }

  chooseSource(source: Source): void {
    this.#networkByHand = true;
    this.source = source;
    this.look();
  }

  chooseVariant(variant: NetworkVariant): void {
    this.variant = variant;
  }

  describe(choice: NetworkChoice, classes: number | null): Resource<NetworkInfo> {
    return this.#described.get(JSON.stringify([choice, classes]), () =>
      this.client.call('describeNetwork', { network: choice, classes }),
    );
  }

  // ---- recipes ----

  /** Fills in network and settings, and the data where it is generated here or among what is known. */
  chooseRecipe(recipe: Recipe | null): void {
    this.recipe = recipe;
    this.startFailure = null;
    if (!recipe) return;
    this.variant = 'itself';
    this.twinToo = false;
    this.title = null;
    this.#networkByHand = true;
    this.source = sourceOf(recipe, this.session);
    this.form.fill(recipe.options);
    const { kind } = recipe.data;
    const chosen = this.data;
    const keeps = chosen !== null && (isGenerated(kind) ? chosen.id === kind : chosen.kind !== 'generated');
    const known = (this.known ?? []).filter(({ present }) => present);
    const best = known.find((each) => suits(each, kind));
    if (!keeps || (best && !suits(chosen, kind))) this.#choose(best ?? null);
    this.dataFailure = null;
    this.look();
  }

  /** Whether network or settings are no longer the recipe's. */
  get recipeChanged(): boolean {
    const { recipe } = this;
    if (!recipe) return false;
    const own = sourceOf(recipe, this.session);
    return (
      own.kind !== this.source.kind ||
      own.id !== this.source.id ||
      this.variant !== 'itself' ||
      !this.form.equals(recipe.options)
    );
  }

  /** The settings as the recipe has them, or the defaults. */
  resetSettings(): void {
    this.form.fill(this.recipe?.options ?? {});
    this.startFailure = null;
  }

  get settingsChanged(): boolean {
    return !this.form.equals(this.recipe?.options ?? {});
  }

  // ---- start ----

  /** How many runs a start begins: the members that vote, and the twins. */
  get runCount(): number {
    return this.members * (this.trainsTwin ? 2 : 1);
  }

  get members(): number {
    return this.recipe?.members ?? 1;
  }

  get trainsTwin(): boolean {
    return this.twinToo && this.variant === 'itself' && this.hasTwin;
  }

  /** Whether the network is another one than its dense twin: one without a convolution is its own. */
  get hasTwin(): boolean {
    const classes = this.survey?.result?.labels.length ?? null;
    const network = this.describe({ source: this.source, variant: 'itself' }, classes).value;
    return network === null || network.layers.some(({ traits }) => traits.weights === 'kernel');
  }

  /** What stands in the way of a start; null: nothing. */
  get obstacle(): 'data' | 'reading' | 'survey' | 'range' | 'settings' | null {
    if (!this.data) return 'data';
    if (this.form.problems.length > 0) return 'settings';
    if (this.survey?.running) return 'reading';
    if (!this.survey?.result) return 'survey';
    if (!this.#rangeIsRead) return 'range';
    return null;
  }

  requests(titleOf: TitleOf): RunRequest[] {
    const { data, source, members } = this;
    const range = this.survey?.request.range;
    if (!data) return [];
    const options = this.form.options;
    const recipe = this.recipe && !this.recipeChanged ? this.recipe.id : undefined;
    const variants: NetworkVariant[] = this.trainsTwin ? ['itself', 'twin'] : [this.variant];
    return variants.flatMap((variant) =>
      Array.from({ length: members }, (_, i): RunRequest => {
        const network = { source, variant };
        return {
          title: titleOf(network, members > 1 ? { number: i + 1, of: members } : null),
          data: data.id,
          network,
          fit: this.fit,
          ...(range && { range }),
          ...(recipe !== undefined && variant === 'itself' ? { recipe } : {}),
          options: i === 0 ? options : { ...options, seed: (options.seed ?? 1) + i },
        };
      }),
    );
  }

  /** Begins the runs in order; those that follow wait for the first. Returns what was begun, also where a later one was refused. */
  async start(titleOf: TitleOf): Promise<RunInfo[]> {
    if (this.starting || this.obstacle !== null) return [];
    this.starting = true;
    this.startFailure = null;
    const begun: RunInfo[] = [];
    try {
      for (const request of this.requests(titleOf)) begun.push(await this.client.call('startRun', request));
      this.title = null;
    } catch (error) {
      this.#refuseStart(toFailure(error));
    } finally {
      this.starting = false;
    }
    return begun;
  }

  #refuseStart(failure: Failure): void {
    const { reason } = failure.values;
    const field = failure.code === 'train.invalid' && isMessage(reason) ? fieldOf(reason) : null;
    if (field && isMessage(reason)) this.form.refuse(field, reason);
    else this.startFailure = failure;
  }
}

/** The network that a recipe names: a bundled one, or its own. */
export function sourceOf(recipe: Recipe, session: Session): Source {
  const bundled = session.info?.models.find(({ id }) => id === recipe.model);
  return bundled ? { kind: 'bundled', id: bundled.id } : { kind: 'recipe', id: recipe.id };
}

/** What a survey, or why there is none, says of a doubt about black and white. */
function doubtOfSurvey(survey: Survey | null): Message | null {
  const reason = survey?.failure?.values.reason;
  return doubtOf([...(survey?.result?.warnings ?? []), ...(isMessage(reason) ? [reason] : [])]);
}

function inputShapeOf(session: Session, recipes: readonly Recipe[], source: Source): number[] | null {
  if (source.kind === 'bundled') return session.info?.models.find(({ id }) => id === source.id)?.inputShape ?? null;
  const model = recipes.find(({ id }) => id === source.id)?.model;
  if (!model || typeof model === 'string') return null;
  const { channels, ...sizes } = model.input;
  return [channels, ...Object.values(sizes)];
}
