import { invalid, type LinkState } from '../../../shared/link/link';
import { say } from '../../../words';
import type { ScreenLink } from '../state/screens';
import { titleText } from './text';

/** Stands for a run's ID where the set-up of a new one is shown. */
const NEW = 'new';

export const trainLink: ScreenLink<LinkState<'train'>> = {
  now({ runs, setup }) {
    if (!runs.list) return {};
    if (runs.shown) return { run: runs.shown.id };
    const { recipe, data } = setup;
    return { run: NEW, ...(recipe && { recipe: recipe.id }), ...(data && { data: data.id }) };
  },

  entry: ({ run }) => run ?? null,

  name: ({ runs }) => (runs.shown ? titleText(runs.shown) : null),

  async open({ runs, setup }, { run, recipe, data }) {
    if (!runs.list) await runs.load();
    if (run !== undefined && run !== NEW && !runs.get(run)) throw invalid('run', say('link.no-run', { found: run }));
    if (run !== undefined) runs.chosen = run === NEW ? null : run;
    if (recipe === undefined && data === undefined) return true;
    if (!setup.recipes || !setup.list.known) await setup.load();
    const wanted = recipe === undefined ? null : setup.recipes?.find(({ id }) => id === recipe);
    if (wanted === undefined) throw invalid('recipe', say('link.no-recipe', { found: recipe ?? '' }));
    const set = data === undefined ? null : setup.list.known?.find(({ id }) => id === data);
    if (set === undefined) throw invalid('data', say('link.no-data', { found: data ?? '' }));
    // What is chosen already keeps the settings that were typed for it.
    if (wanted && wanted.id !== setup.recipe?.id) setup.chooseRecipe(wanted);
    if (set && set.id !== setup.data?.id) setup.chooseData(set);
    return true;
  },
};
