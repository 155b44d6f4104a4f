import type { Texts } from '../../../shared/recipes';
import type { NetworkChoice } from '../../../shared/network-choice';
import type { RunInfo } from '../../../shared/runs';
import { pct, seconds } from '../format';
import { inEveryLanguage, language, t, textOf } from '../i18n/index.svelte';
import { networkName } from '../i18n/names';
import { dataTitle, ideaTitle } from './setup/naming';

/** A network as it was chosen: its name or that of the recipe which brings it, and what was made of it. */
export function networkText({ source, variant, without = [] }: NetworkChoice, recipe: Texts | null): string {
  if (source.kind === 'body') return t('run.head', { name: source.id });
  const whole = recipe?.[language.current] ?? networkName({ id: source.id, title: source.id });
  const ideas = without.map(ideaTitle).join(t('term.comma'));
  const name = without.length === 0 ? whole : t('run.without', { name: whole, ideas });
  return variant === 'itself' ? name : t(`run.variant.${variant}`, { name });
}

/** How a head on a body is called, in every language. */
const headTexts = (name: string): string[] => inEveryLanguage('run.head').map((text) => text.replace('{name}', name));

/**
 * A run's title in the language chosen, whichever it was begun in: the parts that name its network, its data or what was made of
 * the network are said anew; what people wrote stays.
 */
export function titleText({ title, network, networkTitle, data, notes }: TitledRun): string {
  if (notes?.title) return title;
  const known = [
    ...(networkTitle ? [[Object.values(networkTitle), textOf(networkTitle)] as const] : []),
    ...[
      `network.${network?.source.id}`,
      `setup.data.${data.id}`,
      `setup.variant.${network?.variant}`,
      ...(network?.without ?? []).map((idea) => `setup.without.${idea}`),
    ].map((key) => [inEveryLanguage(key), inEveryLanguage(key, language.current)[0]] as const),
    ...(network?.source.kind === 'body' ? [[headTexts(network.source.id), networkText(network, null)] as const] : []),
  ];
  return title
    .split(' · ')
    .map((part) => {
      const [, name, number = ''] = /^(.*?)( \(\d+\))?$/s.exec(part)!;
      const member = /^(?:第 )?(\d+) (?:of|\/) (\d+)(?: 个)?$/.exec(part);
      if (member) return t('setup.start.member', { number: member[1], of: member[2] });
      return (known.find(([texts]) => texts.includes(name))?.[1] ?? name) + number;
    })
    .join(' · ');
}
type TitledRun = Pick<RunInfo, 'title' | 'network' | 'networkTitle'> &
  Partial<Pick<RunInfo, 'notes'>> & { data: Pick<RunInfo['data'], 'id'> };

/** What a run is of: network and data, without what its title says already. */
export function subjectText(run: RunInfo): string {
  const network = run.network ? networkText(run.network, run.networkTitle) : run.recipe;
  const title = titleText(run);
  return [network, dataTitle(run.data)].filter((text) => text !== null && !title.includes(text)).join(' · ');
}

const times = new Map<string, Intl.DateTimeFormat>();

/** When it was begun, in the language chosen. */
export function startedText({ started }: Pick<RunInfo, 'started'>, dateStyle: 'medium' | 'long' = 'medium'): string {
  const locale = language.current === 'zh' ? 'zh-CN' : 'en-GB';
  const key = `${locale} ${dateStyle}`;
  // Kept: making one takes longer than all else that a row of the list says, which is said anew with each step of a run.
  let format = times.get(key);
  if (!format) times.set(key, (format = new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: 'short' })));
  return format.format(new Date(started));
}

export function stateText({ state }: Pick<RunInfo, 'state'>): string {
  return t(`run.state.${state}`);
}

/** Where a run stands: `epoch 3 of 10, 40 s left`; a queued or reading one is at no epoch yet. */
export function placeText(run: RunInfo): string {
  if (run.state === 'queued') return '';
  const { progress } = run;
  if (!progress || run.state === 'reading')
    return run.epochs > 0 ? t('run.epochs', { epoch: run.epoch, epochs: run.epochs }) : '';
  const place = t('run.epoch', { epoch: progress.epoch, epochs: progress.epochs });
  return run.state === 'training' && progress.secondsLeft !== null
    ? `${place} · ${t('run.left', { time: seconds(progress.secondsLeft) })}`
    : place;
}

/** Of the whole run, 0 … 1. */
export function shareDone(run: RunInfo): number {
  const { progress } = run;
  if (!progress || progress.epochs === 0) return run.epochs > 0 ? Math.min(1, run.epoch / run.epochs) : 0;
  const within = progress.phase === 'training' && progress.total > 0 ? progress.done / progress.total : 0;
  // Validation and test come behind the epoch's last picture.
  const through =
    progress.phase === 'training' || progress.phase === 'reading' || progress.phase === 'features'
      ? progress.epoch - 1
      : progress.epoch;
  return Math.max(0, Math.min(1, (through + within) / progress.epochs));
}

/** The accuracy that says most, and the split it was measured on. */
export function bestAccuracy({
  accuracy,
}: Pick<RunInfo, 'accuracy'>): { split: keyof RunInfo['accuracy']; value: number } | null {
  for (const split of ['test', 'validation', 'train'] as const) {
    const value = accuracy[split];
    if (value !== null) return { split, value };
  }
  return null;
}

/** What is said when a run's state changes. */
export function changeText(run: RunInfo): string {
  const best = run.state === 'finished' ? bestAccuracy(run) : null;
  const said = `${titleText(run)}${t('mark.colon')}${stateText(run)}`;
  return best ? `${said}${t('mark.comma')}${t(`run.accuracy.${best.split}`)} ${pct(best.value)}` : said;
}
