import { colorLabels, generateShapes, shapeLabels } from '../../../core/data/generated';
import { say } from '../../../words';
import { dataFailure } from '../failure';
import type { DataFormat } from './format';

/** The generated sets, which have names in place of paths. */
export const GENERATED = ['builtin:colors', 'builtin:shapes'] as const;
export const isGenerated = (path: string): boolean => path.startsWith('builtin:');

export const generatedLabels = (name: (typeof GENERATED)[number]): readonly string[] =>
  name === 'builtin:colors' ? colorLabels : shapeLabels;

/** Colored shapes, with classes by color or by shape: see `core/data/generated.ts`. */
export const generated: DataFormat = {
  id: 'generated',
  generated: true,
  expects: null,
  files: null,
  claims({ root }) {
    if (!isGenerated(root)) return null;
    const known = GENERATED.find((name) => name === root);
    if (!known) throw dataFailure(root, say('data.generated.unknown', { known: GENERATED }));
    const by = known === 'builtin:colors' ? 'color' : 'shape';
    return {
      name: root,
      leftOut: [],
      read: async ({ range, note }) => {
        if (range) note(say('data.scale.useless', { ...range }));
        const splits = { train: generateShapes(by, 'train'), test: generateShapes(by, 'test') };
        return { splits, names: { names: [...generatedLabels(known)], first: null } };
      },
    };
  },
};
