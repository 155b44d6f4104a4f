import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { EngineHost } from '../../../src/engine/worker/host';
import { built } from '../../../src/engine/system/root';

/** onnxruntime would leave an identifier of the machine and a queue of what to send in the home folder, and logs beside. */
const folder = mkdtempSync(join(tmpdir(), 'convscope-telemetry-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function ownHome(name: string): Record<string, string> {
  const home = join(folder, name);
  mkdirSync(home);
  return { HOME: home, XDG_CACHE_HOME: home, TMPDIR: home };
}
/** Where it finds a build server it keeps still by itself. */
const stilled = ['CI', 'GITHUB_ACTIONS', 'TF_BUILD', 'ORT_DISABLE_TELEMETRY'];

it('onnxruntime leaves nothing behind after the command line', () => {
  const env: NodeJS.ProcessEnv = { ...process.env, ...ownHome('cli') };
  for (const name of stilled) delete env[name];
  const script = `require(${JSON.stringify(built('main', 'cli.js'))}).main(['verify', 'lenet5-mnist', '--json'])`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { env, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('"ok":true');
  expect(readdirSync(join(folder, 'cli'))).toEqual([]);
});

it('nor in the engine’s worker thread, where the windows have it', async () => {
  Object.assign(process.env, ownHome('host'));
  for (const name of stilled) delete process.env[name];
  const host = new EngineHost({ open: { model: null, image: null } }, () => undefined);
  const { model } = await host.call('openModel', { source: { kind: 'bundled', id: 'lenet5-mnist' } });
  const report = await host.call('verify', { model, job: 'verify' });
  expect(report.onnxruntime).toMatch(/^\d/);
  await host.close();
  expect(readdirSync(join(folder, 'host'))).toEqual([]);
});
