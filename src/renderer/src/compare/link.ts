import { invalid, type LinkState } from '../../../shared/link/link';
import { say } from '../../../words';
import { compareChoice } from '../state/compare-choice.svelte';
import type { Runs } from '../state/runs.svelte';
import type { ScreenLink } from '../state/screens';
import { comparison } from './choice.svelte';

export const compareLink: ScreenLink<LinkState<'compare'>> = {
  now: ({ runs }) => ({
    networks: named(runs),
    ...(comparison.data !== null && { data: comparison.data }),
    ...(comparison.view === 'values' && { view: comparison.view }),
  }),

  entry: () => '',

  isPartial: () => comparison.chosenFiles.size > 0,

  async open({ session, runs }, { networks, data, view }) {
    if (view) comparison.view = view;
    if (!networks) return true;
    if (!runs.list) await runs.load();
    for (const { kind, id } of networks) {
      if (kind === 'run' && !runs.get(id)?.hasModel) throw invalid('networks', say('link.no-run', { found: id }));
      const { models = [] } = session.info ?? {};
      if (kind === 'bundled' && !models.some((model) => model.id === id))
        throw invalid('networks', say('model.unknown', { id, known: models.map((model) => model.id) }));
    }
    if (JSON.stringify(named(runs)) !== JSON.stringify(networks)) {
      compareChoice.runs.clear();
      comparison.bundled.clear();
      comparison.chosenFiles.clear();
      for (const network of networks) comparison.toggle(network);
    }
    comparison.data = data ?? null;
    comparison.view = view ?? 'figures';
    return true;
  },
};

/** Files that were brought to be compared are not among them. */
const named = (runs: Runs): { kind: 'run' | 'bundled'; id: string }[] =>
  comparison.contenders(runs).flatMap(({ kind, id }) => (kind === 'file' ? [] : [{ kind, id }]));
