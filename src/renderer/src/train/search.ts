import type { RunInfo } from '../../../shared/runs';
import { startedText, stateText, subjectText, titleText } from './text';

/** Runs with every word of a search in their title, network, data, state, time, tags or note, in any case. */
export function searched(runs: readonly RunInfo[], search: string): readonly RunInfo[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return runs;
  return runs.filter((run) => {
    const { tags, note } = run.notes;
    const text = [titleText(run), subjectText(run), stateText(run), startedText(run), ...tags, note]
      .join('\n')
      .toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}
