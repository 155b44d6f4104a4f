import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What stands for a file of yours in the how-tos. */
const examples = ['src/core/layers/softsign.ts'];
const isExample = (path: string): boolean => /\b(NAME|KIND)\b/.test(path) || examples.includes(path);

const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

it.each(documents)('%s leads nowhere that is not there', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link);
  const inside = links.filter((link) => !/^[a-z]+:/.test(link));
  expect(inside.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  // Files and folders that are named as code: `src/core/layers`.
  const named = [...text.matchAll(/`((?:src|tests|docs|bench|scripts|resources)\/[\w./-]+)`/g)].map(([, path]) => path);
  expect(named.filter((path) => !isExample(path) && !existsSync(join(root, path.replace(/\/$/, ''))))).toEqual([]);
});

it('CONTRIBUTING.md has a line for every folder of the source', () => {
  const map = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
    .match(/^\| `(?:src|resources|tests).*$/gm)!
    .join('\n');
  const within = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [`${folder}/${entry.name}`] : [],
    );
  const folders = [...within('src'), ...within('src/core'), ...within('src/engine'), ...within('src/renderer/src')];
  const named = (folder: string): boolean =>
    [`\`${folder}\``, `\`${folder}/`, `\`${folder.split('/').pop()!}\``].some((name) => map.includes(name));
  expect(folders.filter((folder) => !named(folder))).toEqual([]);
});
