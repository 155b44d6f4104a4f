// What .ci/run runs once everything is installed. Goes on after a failure, adds up, says what was left out for want of data or
// of Electron, and ends with `N passed, N failed`. With CONVSCOPE_NO_SKIP whatever is left out is a failure.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/built.mjs';

const folder = mkdtempSync(join(tmpdir(), 'convscope-ci-'));
const noSkip = Boolean(process.env.CONVSCOPE_NO_SKIP);
const total = { passed: 0, failed: 0 };
const leftOut = [];

step('npm run build', 'npm', ['run', 'build']);
step('npm run check', 'npm', ['run', 'check']);
counted(
  'npm test',
  'npm',
  [
    'test',
    ...['--', '--reporter=default', '--reporter=json', `--outputFile.json=${folder}/unit.json`],
    '--reporter=./scripts/lib/left-out-reporter.mjs',
  ],
  {},
  () => {
    const report = read('unit.json');
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + failedSuites(report),
      skipped: report.numPendingTests,
    };
  },
);
if (existsSync(join(root, '../shared/data/onnx-backend-tests')))
  step('npm run conformance', 'npm', ['run', 'conformance']);
else leaveOut('npm run conformance', 'no ../shared/data/onnx-backend-tests');
step('npm run fuzz', 'npm', ['run', 'fuzz', '--', '--seconds', '10']);
const electron = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules/electron/dist');
for (const project of ['chromium', 'electron']) {
  if (project === 'electron' && !existsSync(electron)) {
    leaveOut('journeys in electron', 'no Electron: `npm start` fetches it');
    continue;
  }
  const command =
    project === 'electron'
      ? ['xvfb-run', ['-a', 'npm', 'run', 'e2e', '--', `--project=${project}`]]
      : ['npm', ['run', 'e2e', '--', `--project=${project}`]];
  counted(
    `journeys in ${project}`,
    ...command,
    { PLAYWRIGHT_JSON_OUTPUT_NAME: join(folder, `${project}.json`) },
    () => {
      const { stats } = read(`${project}.json`);
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
    },
  );
}

if (leftOut.length > 0) console.log(`\nleft out:\n${leftOut.map((line) => `  ${line}`).join('\n')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Says at the end that something was not run, which fails where nothing may be left out. */
function leaveOut(title, reason) {
  leftOut.push(`${title}: ${reason}`);
  if (noSkip) total.failed++;
}

/** A step that holds or does not. */
function step(title, command, args) {
  counted(title, command, args, {}, null);
}

/** A step whose report says how many held. One that ends badly without a failed test counts as a failure. */
function counted(title, command, args, env, count) {
  console.log(`\n=== ${title}`);
  const started = Date.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  let result = { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
  if (count) {
    try {
      result = count();
      if (status !== 0 && result.failed === 0) result.failed = 1;
      if (result.passed === 0 && result.failed === 0) result.failed = 1;
    } catch (error) {
      console.error(`${title}: no report (${error.message})`);
      result = { passed: 0, failed: 1 };
    }
  }
  if (result.skipped > 0) leftOut.push(`${title}: ${result.skipped} tests skipped, listed there`);
  if (noSkip) result.failed += result.skipped ?? 0;
  total.passed += result.passed;
  total.failed += result.failed;
  console.log(
    `=== ${title}: ${result.passed} passed, ${result.failed} failed, ${Math.round((Date.now() - started) / 1000)} s`,
  );
}

function read(name) {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

/** Files that failed before their first test. */
function failedSuites(report) {
  return report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  ).length;
}
