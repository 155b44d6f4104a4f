import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveSettings } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';
import type { Recipe } from '../../shared/recipes';
import { say } from '../../words';
import { besideArchitecture, recipeNamed, recipeNetwork } from '../models/recipes';
import type { Architecture } from './architecture';
import type { TrainOutcome } from './outcome';
import type { TrainHost, TrainRequest } from './request';
import { RunFolder } from './run-folder';
import type { RunRecord } from './run-record';
import { train } from './trainer';

/** The run of a member: `out/1` … `out/n`. */
const memberFolder = (out: string, member: number): RunFolder => new RunFolder(join(out, String(member)));

/** The recipe with several runs that a request asks for, by name or by the runs that it resumes; null for a single run. */
export async function recipeOfRuns(request: TrainRequest): Promise<Recipe | null> {
  const id = request.recipe ?? (request.resume ? (await firstOf(request.out))?.recipe : null);
  if (!id) return null;
  const recipe = await recipeNamed(id);
  return runsOf(recipe) > 1 ? recipe : null;
}

const runsOf = ({ members = 1, beside = [] }: Recipe): number => members + beside.length;

/** Whether there is something to resume: a run or its members, started or asked for. */
export async function beganIn(out: string): Promise<boolean> {
  const folder = new RunFolder(out);
  return (await folder.has('run.json')) || (await folder.asked()) !== null || (await firstOf(out)) !== null;
}

/** The first member's request, if `out` holds members and no run of its own. */
async function firstOf(out: string): Promise<Partial<TrainRequest> | null> {
  if (await new RunFolder(out).has('run.json')) return null;
  const first = memberFolder(out, 1);
  return (await first.has('run.json')) ? likeRecord(await first.read()) : first.asked();
}

/**
 * Trains the runs of a recipe one after the other, alike but for their seeds (members: seed, seed + 1, …) or for their networks (its
 * own, then those beside). Resumed, it goes on where it was left, and runs that were not begun are begun like the first.
 * @returns what became of each; a stopped one is the last. @throws FailureError as `train`.
 */
export async function trainMembers(request: TrainRequest, recipe: Recipe, host: TrainHost): Promise<TrainOutcome[]> {
  const { options: usual, beside = [] } = recipe;
  const members = runsOf(recipe);
  const networks =
    beside.length > 0 ? await Promise.all([recipeNetwork(recipe), ...beside.map(besideArchitecture)]) : null;
  await refuseOthers(request.out, members);
  if (request.overwrite) await clear(request.out, members);
  const like = (request.resume ? await firstOf(request.out) : null) ?? {};
  const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  const options = { ...like.options, ...request.options };
  const seed = resolveSettings({ ...usual, ...options }).seed;
  const outcomes: TrainOutcome[] = [];
  for (let member = 1; member <= members; member++) {
    const model = networks?.[member - 1];
    const name = model && nameOf(model);
    host.say(name ? say('train.beside', { member, members, name }) : say('train.member', { member, members }));
    const { path: out } = memberFolder(request.out, member);
    const named = networks && (like.title === undefined || like.title === nameOf(networks[0]));
    const own = model ? { model, title: request.title ?? (named ? name : like.title) } : {};
    const outcome = await train(
      { ...request, ...like, ...given, ...own, out, options: { ...options, seed: model ? seed : seed + member - 1 } },
      host,
    );
    outcomes.push(outcome);
    if (outcome.end === 'stopped') break;
  }
  return outcomes;
}

const nameOf = ({ title, name }: Architecture): string => title ?? name;

/** Removes earlier members, all at once: none of them may remain among new ones. */
async function clear(out: string, members: number): Promise<void> {
  for (let member = 1; member <= members; member++) {
    const folder = memberFolder(out, member);
    if (!(await folder.look())) continue;
    await folder.alone(() => folder.begin());
  }
}

/** What a member that has not started takes from the first. */
function likeRecord(record: RunRecord): Partial<TrainRequest> {
  const { recipe, title, labels, data, preprocessing, init, options, settings } = record;
  return {
    recipe: recipe ?? undefined,
    title: title ?? undefined,
    labels,
    data: data.path,
    dataName: data.name,
    fit: preprocessing.fit,
    range: data.range,
    init: init?.file,
    options: { ...options, seed: settings.seed },
  };
}

/** @throws FailureError if the folder holds anything but members. */
async function refuseOthers(out: string, members: number): Promise<void> {
  const names: string[] = await readdir(out).catch(() => []);
  const own = Array.from({ length: members }, (_, i) => String(i + 1));
  const foreign = names.filter((name) => !own.includes(name));
  if (foreign.length === 0) return;
  throw new FailureError('run.invalid', {
    run: out,
    reason: say('run.foreign.members', { names: foreign.slice(0, 3), members }),
  });
}
