// node scripts/make-settings-doc.mjs: writes the table of settings in docs/training.md from src/words/settings.ts.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { module } = await runnerImport(here('./settings-doc.ts'), { configFile: false });
const doc = here('../docs/training.md');
await writeFile(doc, module.withTable(await readFile(doc, 'utf8')));
