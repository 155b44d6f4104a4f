// npm start [-- IMAGE] [--model ID|FILE.onnx] [Electron's switches]: the app in Electron; where Electron's binary
// cannot be had or cannot start, the same app in a browser.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuilt, root } from './lib/built.mjs';
import { findElectron } from './lib/electron.mjs';

const args = process.argv.slice(2);

try {
  await ensureBuilt();
  const electron = displayMissing() ? { reason: 'there is no display' } : findElectron();
  const failure = electron.path ? await runElectron(electron.path) : electron.reason;
  if (failure !== null) await serveBrowser(failure);
} catch (error) {
  console.error(`convscope: ${error.message}`);
  process.exit(1);
}

/** On Linux Electron needs X11 or Wayland, unless it is told to draw nowhere. */
function displayMissing() {
  const headless = args.some((arg) => arg.startsWith('--headless') || arg === '--ozone-platform=headless');
  return process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY && !headless;
}

/** Runs Electron until its window closes. Resolves to why it could not start, or null once it had started. */
function runElectron(path) {
  return new Promise((resolve) => {
    const child = spawn(path, [root, ...args], { stdio: ['inherit', 'inherit', 'pipe', 'ipc'] });
    let started = false;
    let errors = '';
    child.stderr.on('data', (data) => {
      if (started) process.stderr.write(data);
      else errors += data;
    });
    child.on('message', (message) => {
      if (message !== 'started') return;
      started = true;
      process.stderr.write(errors);
    });
    child.on('error', (error) => resolve(`it cannot start (${error.message})`));
    child.on('close', (code, signal) => {
      if (started) process.exit(code ?? 1);
      const line = errors.split('\n').find((text) => /error|fatal|running as root|cannot/i.test(text));
      const said = line?.replace(/^\[[^\]]*\]\s*/, '').trim(); // without Chromium's [process:time:severity:file]
      resolve(`it cannot start (${said ?? `it ended with ${signal ?? `code ${code}`}`})`);
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  });
}

async function serveBrowser(reason) {
  const { serve } = createRequire(import.meta.url)(join(root, 'out', 'main', 'server.js'));
  const { address, close } = await serve({ argv: args });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => close().then(() => process.exit(0)));
  console.log(`Electron cannot be used: ${reason}. Convscope is served to your browser instead: ${address}`);
}
