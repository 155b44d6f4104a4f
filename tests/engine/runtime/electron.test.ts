import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resource } from '../../../src/engine/system/root';
import { Decoder } from '../../../src/engine/image/decoder';
import { buildDecoder } from '../image/decoder-script';
import { rgbNetwork } from '../pictures';

const require = createRequire(import.meta.url);

/** Electron's binary, or null where there is none: asking the package itself would fetch a hundred megabytes. */
function electronPath(): string | null {
  const folder =
    process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(require.resolve('electron/package.json'), '..', 'dist');
  const path = join(folder, 'electron');
  return existsSync(path) ? path : null;
}

const electron = process.platform === 'linux' ? electronPath() : null;
if (!electron)
  console.warn('skipped: sharp inside Electron (Linux, and ELECTRON_OVERRIDE_DIST_PATH or an installed Electron)');

interface Run {
  stdout: string;
  stderr: string;
}

/** Electron's binary as Node, as the decoder runs in it: its GLib is loaded either way. */
function runInElectron(script: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    execFile(
      electron as string,
      [script],
      { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, timeout: 60_000 },
      (error, stdout, stderr) => (error ? reject(new Error(stderr || error.message)) : resolve({ stdout, stderr })),
    );
  });
}

/** A driver that forks the decoder from within Electron, and prints the input that a picture becomes. */
const driver = (decoder: string, picture: string): string => `
const { fork } = require('node:child_process');
const child = fork(${JSON.stringify(decoder)}, [], { serialization: 'advanced', execArgv: [] });
child.on('message', (message) => {
  if (message.kind === 'ready') {
    const bytes = Uint8Array.from(Buffer.from(${JSON.stringify(picture)}, 'base64'));
    child.send({ kind: 'prepare', name: 'a', image: { bytes }, preprocessing: ${JSON.stringify(rgbNetwork)}, options: {} });
  } else {
    console.log(process.versions.electron, JSON.stringify(Array.from(message.result.input)));
    child.kill();
  }
});`;

describe.skipIf(!electron)('sharp inside Electron on Linux', () => {
  const native = require.resolve('sharp');
  const folder = mkdtempSync(join(tmpdir(), 'convscope-electron-'));
  const write = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it('is its WASM build: no clash of GLibs, and the same numbers as the native build in Node', async () => {
    const script = await buildDecoder('decoder-electron');
    const picture = readFileSync(resource('samples', 'landscape.png'));
    const { stdout, stderr } = await runInElectron(
      write('driver.cjs', driver(script, Buffer.from(picture).toString('base64'))),
    );
    expect(stderr).not.toMatch('G_IS_OBJECT');
    const [version, numbers] = stdout.trim().split(' ');
    expect(version).toMatch(/^\d+\./);

    const decoder = new Decoder(script);
    const { input } = await decoder.prepare({ bytes: picture }, 'a', rgbNetwork, {});
    decoder.close();
    expect(JSON.parse(numbers)).toEqual([...input]);
  });

  it('would clash as its native build: the test above can fail', async () => {
    const decode = `require(${JSON.stringify(native)})({ create: { width: 9, height: 9, channels: 3, background: 'red' } }).png().toBuffer().then(() => console.log('done'))`;
    const { stderr } = await runInElectron(write('native.cjs', decode)).catch((error: Error) => ({
      stderr: error.message,
    }));
    expect(stderr).toMatch('G_IS_OBJECT');
    rmSync(folder, { recursive: true });
  });
});
