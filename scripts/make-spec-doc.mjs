// node scripts/make-spec-doc.mjs: writes docs/spec.md from src/core/layers and scripts/spec-doc.ts.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { module } = await runnerImport(here('./spec-doc.ts'), { configFile: false });
await writeFile(here('../docs/spec.md'), module.specDoc());
