import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { registry } from '../../../src/core/layers/registry';

const src = fileURLToPath(new URL('../../../src', import.meta.url));

/** `kind === 'conv'`, `'conv' !== kind`, `case 'conv':`, `['relu', 'elu'].includes(kind)`. */
function comparisons(text: string): string[] {
  const name = `['"](?:${[...registry.keys()].join('|')})['"]`;
  const patterns = [`[!=]==\\s*${name}`, `${name}\\s*[!=]==`, `case ${name}:`, `${name}\\]\\s*\\.includes\\(`];
  return text.match(new RegExp(patterns.join('|'), 'g')) ?? [];
}

it('no file compares a layer’s kind by name: a layer’s own file tells what others must know', () => {
  const found = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|svelte)$/.test(path) && !path.startsWith(join('core', 'layers')))
    .flatMap((path) => comparisons(readFileSync(join(src, path), 'utf8')).map((each) => `${path}: ${each}`));
  expect(found).toEqual([]);
});

it('finds such a comparison', () => {
  const text = `if (layer.kind === 'conv') {} switch (kind) { case 'relu': } ['elu', 'selu'].includes(kind); x !== "add"`;
  expect(comparisons(text)).toHaveLength(4);
  expect(comparisons(`new Map([['conv', lowerConv]]); body.kind === 'pick'; { kind: 'relu' }`)).toEqual([]);
});
