import { expect, it } from 'vitest';
import { terms, type Term } from '../../src/words/terms';

/** `npx vitest run tests/docs/glossary.test.ts -u` writes it again. */
it('docs/glossary.md is the catalog of terms', async () => {
  const rows = Object.values<Term>(terms)
    .map(({ term, sentence, formula }) => {
      const what = sentence.en.replace(/\.$/, '');
      return [term.en, term.zh, what[0].toLowerCase() + what.slice(1), formula ? `\`${formula}\`` : ''];
    })
    .sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  const table = [['English', '中文', 'what it is', 'formula'], ['---', '---', '---', '---'], ...rows];
  const text = `# Glossary

The terms as the app and its documents use them, one per idea. They lie in \`src/words/terms\`, in both languages; this page is
written from there (\`npx vitest run tests/docs/glossary.test.ts -u\`).

${table.map((row) => `| ${row.join(' | ')} |`.replace('|  |', '| |')).join('\n')}
`;
  await expect(text).toMatchFileSnapshot('../../docs/glossary.md');
});
