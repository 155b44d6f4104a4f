#!/usr/bin/env node
// The command line. In a checkout it is built first, where a source changed since the last time.
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const cli = join(root, 'out', 'main', 'cli.js');
const builder = join(root, 'scripts', 'lib', 'built.mjs');
const canBuild = existsSync(builder) && existsSync(join(root, 'node_modules', 'electron-vite'));

(async () => {
  if (canBuild) await (await import(require('node:url').pathToFileURL(builder).href)).ensureBuilt();
  else if (!existsSync(cli)) throw new Error(`${cli} is not built; run 'npm ci && npm run build' in ${root}`);
  // A reader that has seen enough (`| head -1`) is no error.
  process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.exitCode = await require(cli).main(process.argv.slice(2));
})().catch((error) => {
  console.error(`convscope: ${error.message}`);
  process.exitCode = 1;
});
