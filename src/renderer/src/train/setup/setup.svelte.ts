import { createContext } from 'svelte';
import { toFailure } from '../../../../shared/failures';
import { isMessage, type Message } from '../../../../words';
import type { Client, Failure, Fit } from '../../../../shared/protocol';
import { suits } from '../../../../shared/known-sets';
import { isGenerated, type Recipe } from '../../../../shared/recipes';
import { PHOTO_BODY, PHOTO_NETWORK } from '../../../../shared/network-inputs';
import {
  headOptions,
  type NetworkChoice,
  type NetworkInfo,
  type NetworkInput,
  type NetworkVariant,
} from '../../../../shared/network-choice';
import type { DataInfo, Proposal } from '../../../../shared/data-sets';
import type { RunInfo, RunRequest, TrainOptions } from '../../../../shared/runs';
import { RequestCache, type Resource } from '../../state/resource.svelte';
import type { Session } from '../../state/session.svelte';
import { recallHere, rememberHere } from '../../state/memory';
import { SettingsForm, type TypedSettings } from './form.svelte';
import { DataList } from './data-list.svelte';
import { doubtOf, RangeForm, sameRange, suggestedRange, type RangeKind } from './range.svelte';
import { runRequests, type TitleOf } from './requests';
import { fieldOf } from './settings';
import { inputShapeOf, sourceOf, type Source } from './sources';
import { suggestedSource } from './suggest';
import { Survey } from './survey.svelte';

export const [useSetup, provideSetup] = createContext<Setup>();

/** The setup, as a window remembers it; data and recipe by their ids. */
interface Remembered {
  data: string | null;
  fit: Fit;
  range: { kind: RangeKind; low: string; high: string };
  recipe: string | null;
  source: Source;
  input: NetworkInput | null;
  variant: NetworkVariant;
  networkByHand: boolean;
  twinToo: boolean;
  without: readonly string[];
  wholeToo: boolean;
  scratchToo: boolean;
  title: string | null;
  settings: TypedSettings;
}

/**
 * What a run is to be begun with: data, network, settings. It outlives the screen that shows it, so that nothing typed is
 * lost by looking elsewhere.
 */
export class Setup {
  readonly list: DataList;
  recipes = $state.raw<readonly Recipe[] | null>(null);
  loadFailure = $state.raw<Failure | null>(null);

  data = $state.raw<DataInfo | null>(null);
  fit = $state.raw<Fit>('crop');
  readonly range = new RangeForm();
  /** The data, by its id, whose files leave a doubt about black and white. */
  #doubted = $state.raw<string | null>(null);
  survey = $state.raw<Survey | null>(null);

  recipe = $state.raw<Recipe | null>(null);
  source = $state.raw<Source>({ kind: 'bundled', id: 'colors-cnn' });
  /** Another input size than the network's own; null: its own. */
  input = $state.raw<NetworkInput | null>(null);
  variant = $state.raw<NetworkVariant>('itself');
  /** What the engine proposes for the data that is chosen; null where a network was made for it, or nobody asked. */
  proposal = $state.raw<Proposal | null>(null);
  /** Also trains the network's dense twin, in a run of its own. */
  twinToo = $state(false);
  /** Ideas of the network that are switched off. */
  without = $state.raw<readonly string[]>([]);
  /** Where some are: also trains the network with all of them, in a run of its own. */
  wholeToo = $state(true);
  /** Beside a head on a body: also trains a network from random weights, in a run of its own. */
  scratchToo = $state(false);
  readonly form = new SettingsForm();
  /** As typed; null: the suggested one. */
  title = $state.raw<string | null>(null);

  starting = $state.raw(false);
  startFailure = $state.raw<Failure | null>(null);
  #networkByHand = $state(false);
  /** The settings that were filled in last for the data. */
  #filled: TrainOptions = {};
  /** What there was before a recipe was chosen. */
  #beforeRecipe: Remembered | null = null;
  /** The data, by its id, once the recipe was filled in. */
  #recipeData: string | null = null;
  /** Whether the engine has answered; data may be dropped before. */
  #loaded = $state.raw(false);
  readonly #described = new RequestCache<NetworkInfo>(24);
  readonly #surveys = new Map<string, Survey>();

  constructor(
    readonly session: Session,
    readonly client: Client = session.client,
  ) {
    this.list = new DataList(client, session.status, {
      brought: (data) => this.chooseData(data),
      forgotten: (data) => {
        if (this.data?.id !== data.id) return;
        this.data = null;
        this.look();
      },
    });
    // What was read before is asked for again: the engine may see other files now.
    client.on('restarted', () => this.#surveys.clear());
  }

  /**
   * Asks for the known data sets and, once, the recipes. The first time the setup is as in the window that this one takes the place of;
   * otherwise colored shapes are chosen, so that there is something to see.
   */
  async load(): Promise<void> {
    try {
      const [recipes] = await Promise.all([
        this.recipes ?? this.client.call('recipes', {}),
        this.list.load(),
        this.session.loadClassics(),
      ]);
      const known = this.list.known ?? [];
      const remembered = this.#loaded || !this.session.info?.reopened ? null : recallHere<Remembered>('setup');
      const dropped = this.data;
      this.#loaded = true;
      this.recipes = recipes;
      this.loadFailure = null;
      if (remembered) this.#goOn(remembered);
      if (remembered && dropped) this.chooseData(dropped);
      const still = known.find(({ id }) => id === this.data?.id);
      if (this.data && still) this.data = still;
      if (!this.data && !this.recipe && !this.list.taking) {
        const first = known.find(({ id }) => id === 'builtin:colors') ?? known.find(({ present }) => present);
        if (first) this.chooseData(first);
      }
    } catch (error) {
      this.loadFailure = toFailure(error);
    }
  }

  /** What was chosen and typed, for the window that takes this one's place. Nothing before `load`. Reactive. */
  remember(): void {
    if (this.#loaded) rememberHere('setup', this.#kept());
  }

  #kept(): Remembered {
    const { fit, source, input, variant, twinToo, without, wholeToo, scratchToo, title, form, range } = this;
    return {
      data: this.data?.id ?? null,
      fit,
      range: { kind: range.kind, low: range.low, high: range.high },
      recipe: this.recipe?.id ?? null,
      source,
      input,
      variant,
      networkByHand: this.#networkByHand,
      twinToo,
      without,
      wholeToo,
      scratchToo,
      title,
      settings: form.typed,
    };
  }

  #goOn(kept: Remembered): void {
    this.#goBack(kept);
    this.look();
  }

  #goBack({ data, range, recipe, networkByHand, settings, ...rest }: Remembered): void {
    this.data = this.list.known?.find(({ id }) => id === data) ?? null;
    this.recipe = this.recipes?.find(({ id }) => id === recipe) ?? null;
    Object.assign(this.range, range);
    Object.assign(this, rest);
    this.#networkByHand = networkByHand;
    this.form.typed = settings;
  }

  // ---- data ----

  chooseData(data: DataInfo): void {
    this.#choose(data);
    this.list.failure = null;
    this.startFailure = null;
    if (!this.#networkByHand && !this.recipe) this.#suggest(data);
    this.look();
  }

  /** The network that was made for the data; of other data the survey brings a proposal. */
  #suggest(data: DataInfo): void {
    this.proposal = null;
    const made = suggestedSource(data);
    if (!made) return;
    this.source = made;
    this.input = null;
    this.without = [];
    this.#fill({});
  }

  /** Takes what the engine proposed with a survey. */
  #apply(proposal: Proposal): void {
    this.source = proposal.network.source;
    this.input = proposal.network.input ?? null;
    this.without = [];
    this.#fill(proposal.options);
    this.proposal = proposal;
  }

  /** Settings that somebody typed stay. */
  #fill(options: TrainOptions): void {
    if (this.form.equals(this.#filled)) this.form.fill(options);
    this.#filled = options;
  }

  /** Takes what fits the data in place of what was chosen by hand. */
  takeProposal(): void {
    this.#networkByHand = false;
    this.recipe = null;
    this.variant = 'itself';
    this.without = [];
    this.form.fill(this.#filled);
    if (this.data) this.#suggest(this.data);
    this.look();
  }

  /** Whether the data's own proposal was given up for a network chosen by hand. */
  get canPropose(): boolean {
    return this.data !== null && this.#networkByHand && !this.recipe;
  }

  /** Whether network or settings are no longer those that were proposed. */
  get proposalChanged(): boolean {
    const { proposal } = this;
    if (!proposal) return false;
    const own = JSON.stringify([proposal.network.source, proposal.network.input ?? null]);
    return (
      own !== JSON.stringify([this.source, this.input]) ||
      this.variant !== 'itself' ||
      this.without.length > 0 ||
      !this.form.equals(proposal.options)
    );
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

  /** Reads the chosen data at the network's size. What was read before and ended well is shown at once. */
  look(again = false): void {
    const { data, fit } = this;
    void this.survey?.cancel().catch(() => undefined);
    if (!data) {
      this.survey = null;
      return;
    }
    const asks = !this.#networkByHand && !this.recipe && !suggestedSource(data);
    const network: NetworkChoice | null = asks ? null : this.choice('itself');
    const { value } = this.range;
    // What is no range, or not yet, changes nothing.
    const range =
      value === undefined && this.survey?.request.data === data.id ? this.survey.request.range : (value ?? undefined);
    const size = network ? (this.inputShape ?? network.source) : null;
    const key = JSON.stringify([data.id, size, fit, range]);
    const kept = again ? undefined : this.#surveys.get(key);
    if (kept?.result) {
      this.survey = kept;
      this.#note(kept);
      return;
    }
    const survey = new Survey(this.client, this.session.status, { data: data.id, network, fit, range });
    this.#surveys.set(key, survey);
    this.survey = survey;
    void survey.run().then(() => this.#note(survey));
  }

  #note(survey: Survey): void {
    if (doubtOfSurvey(survey)) this.#doubted = survey.request.data;
    const { proposal } = survey.result ?? {};
    if (proposal && this.survey === survey) this.#apply(proposal);
  }

  // ---- network ----

  /** `[C, H, W]` that the network takes; null where only the engine knows. */
  get inputShape(): number[] | null {
    if (this.input) return [this.input.channels, this.input.side, this.input.side];
    return inputShapeOf(this.session, this.recipes ?? [], this.source);
  }

  chooseSource(source: Source): void {
    this.#networkByHand = true;
    this.source = source;
    this.input = null;
    this.without = [];
    this.look();
  }

  /** @param input null: the network's own. */
  chooseInput(input: NetworkInput | null): void {
    this.#networkByHand = true;
    this.input = input;
    this.look();
  }

  /** The network that is chosen, as itself or another variant. @param without ideas that are switched off. */
  choice(variant: NetworkVariant, without = this.without): NetworkChoice {
    const { source, input } = this;
    return { source, variant, ...(input && { input }), ...(without.length > 0 && { without: [...without] }) };
  }

  /** Switches an idea of the network off, or on again. */
  switchIdea(idea: string, off: boolean): void {
    const others = this.without.filter((each) => each !== idea);
    this.#networkByHand = true;
    this.without = off ? [...others, idea] : others;
  }

  get trainsWhole(): boolean {
    return this.wholeToo && this.without.length > 0 && !this.frozen;
  }

  /** What the recipe compares its network with; nothing once another network was chosen. */
  get beside(): NetworkChoice[] {
    const { recipe } = this;
    if (!recipe?.beside || this.#networkChanged(recipe)) return [];
    return recipe.beside.map(({ model, without }) => ({
      source: { kind: 'bundled', id: model },
      variant: 'itself',
      ...(without && { without }),
    }));
  }

  /** Whether a pretrained body stays as it is and only a head on it is trained. */
  get frozen(): boolean {
    return this.source.kind === 'body';
  }

  /** The pretrained network that comes along for photos; null where none does, or the data is generated. */
  get body(): Source | null {
    const comes = this.session.info?.models.some(({ id }) => id === PHOTO_BODY);
    return comes && this.data && this.data.kind !== 'generated' ? { kind: 'body', id: PHOTO_BODY } : null;
  }

  /** A head on the pretrained body, or a network from random weights; each with the settings that suit it. */
  chooseFrozen(frozen: boolean): void {
    const { body } = this;
    if (frozen === this.frozen || (frozen && !body)) return;
    const { network, options } = this.scratch;
    this.#networkByHand = true;
    this.recipe = null;
    this.variant = 'itself';
    this.without = [];
    this.source = frozen ? body! : network.source;
    this.input = frozen ? null : (network.input ?? null);
    this.form.fill(frozen ? headOptions : options);
    this.look();
  }

  /** What is trained from random weights instead of a head, or beside it. */
  get scratch(): Pick<Proposal, 'network' | 'options'> {
    const { proposal } = this;
    if (proposal?.scratch) return proposal.scratch;
    if (proposal && proposal.network.source.kind !== 'body') return proposal;
    return { network: { source: { kind: 'bundled', id: PHOTO_NETWORK }, variant: 'itself' }, options: {} };
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

  /** Takes back what the recipe set. Data that was chosen since stays, with what fits it. */
  #withoutRecipe(): void {
    const before = this.#beforeRecipe;
    const since = this.data?.id !== this.#recipeData;
    this.recipe = null;
    this.#beforeRecipe = null;
    if (!before) return;
    const { data } = this;
    this.#goBack(before);
    if (since && data) this.#choose(data);
    if (this.data && !this.#networkByHand) this.#suggest(this.data);
    this.look();
  }

  /** Fills in network and settings, and the data where it is generated here or among what is known. */
  chooseRecipe(recipe: Recipe | null): void {
    this.startFailure = null;
    if (!recipe) return this.#withoutRecipe();
    if (!this.recipe) this.#beforeRecipe = this.#kept();
    this.recipe = recipe;
    this.input = null;
    this.proposal = null;
    this.variant = 'itself';
    this.without = [];
    this.twinToo = false;
    this.title = null;
    this.#networkByHand = true;
    this.source = sourceOf(recipe, this.session);
    this.form.fill(recipe.options);
    const { kind } = recipe.data;
    const chosen = this.data;
    const keeps = chosen !== null && (isGenerated(kind) ? chosen.id === kind : chosen.kind !== 'generated');
    const known = (this.list.known ?? []).filter(({ present }) => present);
    const best = known.find((each) => suits(each, kind));
    if (!keeps || (best && !suits(chosen, kind))) this.#choose(best ?? null);
    this.#recipeData = this.data?.id ?? null;
    this.list.failure = null;
    this.look();
  }

  /** Whether network or settings are no longer the recipe's. */
  get recipeChanged(): boolean {
    const { recipe } = this;
    return recipe !== null && (this.#networkChanged(recipe) || !this.form.equals(recipe.options));
  }

  #networkChanged(recipe: Recipe): boolean {
    const own = sourceOf(recipe, this.session);
    return (
      this.input !== null ||
      own.kind !== this.source.kind ||
      own.id !== this.source.id ||
      this.variant !== 'itself' ||
      this.without.length > 0
    );
  }

  /** The settings as the recipe or the proposal has them, or the defaults. */
  resetSettings(): void {
    this.form.fill(this.usualOptions);
    this.startFailure = null;
  }

  get settingsChanged(): boolean {
    return !this.form.equals(this.usualOptions);
  }

  /** The settings that a reset brings: the recipe's, those proposed for the data, or the defaults. */
  get usualOptions(): TrainOptions {
    if (this.frozen) return headOptions;
    return this.recipe?.options ?? this.proposal?.scratch?.options ?? this.proposal?.options ?? {};
  }

  // ---- start ----

  /** How many runs a start begins: the members that vote, the twins, and what they are compared with. */
  get runCount(): number {
    const beside = (this.trainsScratch ? 1 : 0) + (this.trainsWhole ? 1 : 0) + this.beside.length;
    return this.members * (this.trainsTwin ? 2 : 1) + beside;
  }

  get members(): number {
    return this.recipe?.members ?? 1;
  }

  get trainsScratch(): boolean {
    return this.scratchToo && this.frozen;
  }

  get trainsTwin(): boolean {
    return this.twinToo && !this.frozen && this.variant === 'itself' && this.hasTwin;
  }

  /** Whether the network is another one than its dense twin: one without a convolution is its own. */
  get hasTwin(): boolean {
    const classes = this.survey?.result?.labels.length ?? null;
    const network = this.describe(this.choice('itself'), classes).value;
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
    if (!this.data) return [];
    return runRequests(
      {
        data: this.data.id,
        fit: this.fit,
        range: this.survey?.request.range,
        network: (variant) => this.choice(variant),
        options: this.form.options,
        variants: this.trainsTwin ? ['itself', 'twin'] : [this.trainsScratch ? 'itself' : this.variant],
        members: this.members,
        recipe: this.recipe && !this.recipe.beside && !this.recipeChanged ? this.recipe.id : null,
        beside: [...(this.trainsWhole ? [this.choice('itself', [])] : []), ...this.beside],
        scratch: this.trainsScratch ? this.scratch : null,
      },
      titleOf,
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

/** What a survey, or why there is none, says of a doubt about black and white. */
function doubtOfSurvey(survey: Survey | null): Message | null {
  const reason = survey?.failure?.values.reason;
  return doubtOf([...(survey?.result?.warnings ?? []), ...(isMessage(reason) ? [reason] : [])]);
}
