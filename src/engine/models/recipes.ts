import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buildGraph, totalParameters } from '../../core/model/build';
import type { WrittenSpec } from '../../core/model/blocks';
import { SpecError } from '../../core/model/spec';
import { writtenOptions } from '../../core/train/options';
import { resolveSettings, SettingError } from '../../core/train/settings';
import {
  anObject,
  either,
  list,
  named,
  numberFrom,
  object,
  oneOf,
  optional,
  orNull,
  SchemaError,
  text,
  whole,
  type Infer,
} from '../../core/schema';
import { FailureError } from '../../shared/failures';
import { recipeChapters, type BesideNetwork, type Recipe, type RecipeDataKind } from '../../shared/recipes';
import { reasonOf, say, type Message } from '../../words';
import { readWholeFile } from '../system/files';
import { parseJsonBytes } from '../system/json';
import { resource } from '../system/root';
import { bundledArchitecture, withoutIdeas, type Architecture } from '../train/architecture';

/** The order of recipes: the notes' order within a data set. Recipes not named here follow, sorted by name. */
const ORDER = [
  'colors-dnn',
  'colors-cnn',
  'shapes-dnn',
  'shapes-cnn',
  'mnist-dense',
  'mnist-conv20',
  'mnist-conv20-40',
  'mnist-relu',
  'mnist-shifts',
  'mnist-dropout',
  'mnist-voting',
  'lenet5-1998',
  'lenet5-tanh',
  'lenet5-sigmoid',
  'mnist-conv30-60',
  'fashion-dnn',
  'fashion-cnn',
  'cifar10-cnn',
];

const made = { en: 'Made here; nothing to look for', zh: '由程序生成，无需准备' };

/** The sets by kind: what folder to name and where it can be had. */
const sets: Readonly<Record<RecipeDataKind, Pick<Recipe, 'labels'> & Pick<Recipe['data'], 'hint' | 'from'>>> = {
  'builtin:colors': { hint: made, from: null },
  'builtin:shapes': { hint: made, from: null },
  mnist: {
    from: 'yann.lecun.com/exdb/mnist',
    hint: {
      en: "The folder with MNIST's four files, train-images-idx3-ubyte and so on, also as .gz",
      zh: '存放 MNIST 四个文件（train-images-idx3-ubyte 等，也可以是 .gz）的文件夹',
    },
  },
  'fashion-mnist': {
    from: 'github.com/zalandoresearch/fashion-mnist',
    hint: {
      en: "The folder with Fashion-MNIST's four files, train-images-idx3-ubyte and so on, also as .gz",
      zh: '存放 Fashion-MNIST 四个文件（train-images-idx3-ubyte 等，也可以是 .gz）的文件夹',
    },
    labels: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  },
  cifar10: {
    from: 'www.cs.toronto.edu/~kriz/cifar.html',
    hint: {
      en: "The folder with CIFAR-10's binary files, data_batch_1.bin and so on, or with train and test folders of a folder per class",
      zh: '存放 CIFAR-10 二进制文件（data_batch_1.bin 等）的文件夹，或含 train 与 test、其中每类一个子文件夹的图像文件夹',
    },
  },
};

/** The most networks that vote. */
const MOST_MEMBERS = 20;
/** Beside the recipe's own: as many as are compared at once. */
const MOST_BESIDE = 5;

/**
 * The recipes of a folder, in the order in which they are listed.
 * @throws FailureError `recipe.invalid` for a file that does not hold: names file and field.
 */
export async function recipes(folder = resource('recipes')): Promise<Recipe[]> {
  const ids = await recipeIds(folder);
  return Promise.all(ids.map((id) => readRecipe(folder, id)));
}

/** @throws FailureError `recipe.unknown`, which lists those that there are; `recipe.invalid`. */
export async function recipeNamed(id: string, folder = resource('recipes')): Promise<Recipe> {
  const ids = await recipeIds(folder);
  if (!ids.includes(id))
    throw new FailureError('recipe.unknown', { id, known: ids.length > 0 ? ids : say('recipe.none') });
  return readRecipe(folder, id);
}

/** The network of a recipe: a bundled one, or its own. */
export async function recipeNetwork({ id, model }: Recipe): Promise<Architecture> {
  return typeof model === 'string' ? bundledArchitecture(model) : { name: id, spec: model, preprocessing: null };
}

/** The same, called as the recipe is. */
export async function recipeArchitecture(recipe: Recipe): Promise<Architecture> {
  return { ...(await recipeNetwork(recipe)), title: recipe.title.en };
}

/** A network that a recipe trains beside its own. @throws FailureError */
export async function besideArchitecture({ model, without }: BesideNetwork): Promise<Architecture> {
  return withoutIdeas(await bundledArchitecture(model), without);
}

async function recipeIds(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new FailureError('file.unreadable', { file: folder, reason: reasonOf(error) });
  });
  const ids = names.filter((name) => name.endsWith('.json')).map((name) => basename(name, '.json'));
  const place = (id: string): number => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length);
  return ids.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

async function readRecipe(folder: string, id: string): Promise<Recipe> {
  const file = join(folder, `${id}.json`);
  const bytes = await readWholeFile(file);
  const refuse: Refuse = (field, reason) => {
    throw new FailureError('recipe.invalid', { file: basename(file), field, reason });
  };
  let given: unknown;
  try {
    given = parseJsonBytes(bytes);
  } catch (error) {
    refuse(THE_FILE, reasonOf(error));
  }
  const { data: kind, ...rest } = checkShape(given, refuse);
  const { hint, from, labels } = sets[kind];
  const recipe: Recipe = { id, data: { kind, hint, from }, ...(labels && { labels }), ...rest };
  await checkMeaning(recipe, refuse);
  return recipe;
}

type Refuse = (field: string | Message, reason: Message) => never;

const THE_FILE = say('recipe.file');

const texts = named(object({ en: text(1), zh: text(1) }, 'refuse'), say('recipe.expect.texts'));
/** A recipe as its file states it: of the data only its kind. */
const recipeFile = object(
  {
    title: texts,
    chapter: oneOf(...recipeChapters),
    question: texts,
    look: texts,
    data: oneOf(...(Object.keys(sets) as RecipeDataKind[])),
    model: either(text(1), anObject<WrittenSpec>(), say('recipe.expect.model')),
    options: writtenOptions,
    members: optional(whole(2, MOST_MEMBERS)),
    beside: optional(list(object({ model: text(1), without: optional(list(text(1), 1)) }, 'refuse'), 1, MOST_BESIDE)),
    notes: object(
      {
        accuracy: named(orNull(numberFrom(0, 1)), say('recipe.expect.share')),
        part: oneOf('train', 'test'),
        parameters: optional(whole(1)),
        remark: optional(texts),
      },
      'refuse',
    ),
  },
  'refuse',
);

function checkShape(given: unknown, refuse: Refuse): Infer<typeof recipeFile> {
  try {
    return recipeFile.read(given);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return refuse(error.path === '' ? THE_FILE : error.path, error.problem);
  }
}

/** Checks beyond types: the settings and the network are valid, and the network is as large as the notes state. */
async function checkMeaning(recipe: Recipe, refuse: Refuse): Promise<void> {
  try {
    resolveSettings(recipe.options);
  } catch (error) {
    if (error instanceof SettingError) refuse('options', error.reason);
    throw error;
  }
  const { beside = [], members, notes } = recipe;
  const { parameters } = notes;
  if (members !== undefined && beside.length > 0) refuse('beside', say('recipe.members-beside'));
  try {
    const graph = buildGraph((await recipeArchitecture(recipe)).spec);
    const found = totalParameters(graph);
    if (parameters !== undefined && found !== parameters)
      refuse('notes.parameters', say('recipe.parameters', { found: parameters, parameters: found }));
  } catch (error) {
    if (error instanceof SpecError || (error instanceof FailureError && error.code !== 'recipe.invalid'))
      refuse('model', reasonOf(error));
    throw error;
  }
  for (const [i, each] of beside.entries()) {
    try {
      await besideArchitecture(each);
    } catch (error) {
      if (error instanceof FailureError) refuse(`beside.${i + 1}`, reasonOf(error));
      throw error;
    }
  }
}
