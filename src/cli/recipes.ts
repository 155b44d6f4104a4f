import { recipes } from '../engine/models/recipes';
import type { Register } from './command';
import { percent, table } from './table';

const HELP = `
The experiments of the course notes. Run one with: convscope train --recipe NAME --data PATH --out RUN
(builtin: sets are made here and need no --data). The accuracy is the notes'; docs/recipes.md has what we measured.
--json prints one line: { recipes: [{ id, title, chapter, question, look, data, model, options, members, notes }] }
accuracy in notes is a share, null where they give none; members, where it is there, so many runs that vote.`;

export const register: Register = (program, io) => {
  program
    .command('recipes')
    .description("The course notes' experiments, ready to train.")
    .option('--json', 'print one JSON object on one line')
    .addHelpText('after', HELP)
    .action(async (options: { json?: boolean }) => {
      const all = await recipes();
      if (options.json) return io.print(JSON.stringify({ recipes: all }));
      io.print(
        table(
          ['recipe', 'what', 'data', 'the notes'],
          all.map(({ id, title, data, notes }) => [
            id,
            title.en,
            data.kind,
            notes.accuracy === null
              ? '–'
              : `${percent(notes.accuracy, 2)}${notes.part === 'train' ? ' (training split)' : ''}`,
          ]),
        ),
      );
    });
};
