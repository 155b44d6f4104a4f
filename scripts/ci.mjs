// What .ci/run runs once everything is installed. Goes on after a failure, adds up, says what was left out for want of data or
// of Electron, and ends with `N passed, N failed`. With CONVSCOPE_NO_SKIP every skipped test is a failure.
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/built.mjs';
import { run, runQuietly } from './lib/run.mjs';

const folder = mkdtempSync(join(tmpdir(), 'convscope-ci-'));
const noSkip = Boolean(process.env.CONVSCOPE_NO_SKIP);
const total = { passed: 0, failed: 0 };
const leftOut = [];

await step('npm run build', 'npm', ['run', 'build']);
for (const [title, script] of [
  ['npm test', 'test'],
  ['npm run test:long', 'test:long'],
]) {
  const file = `${script.replace(':', '-')}.json`;
  const reporters = ['--reporter=default', '--reporter=json', '--reporter=./scripts/lib/left-out-reporter.mjs'];
  await counted(
    title,
    run('npm', ['run', script, '--', ...reporters, `--outputFile.json=${join(folder, file)}`]),
    () => {
      const report = read(file);
      return {
        passed: report.numPassedTests,
        failed: report.numFailedTests + failedSuites(report),
        skipped: report.numPendingTests,
      };
    },
  );
}
// A journey waits more than it computes: both hosts at once take little longer than one, and the other steps fill what is left.
const electron = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules/electron/dist');
const hasElectron = existsSync(electron);
if (!hasElectron) leaveOut('journeys in electron', 'no Electron: `npm start` fetches it');
await Promise.all([
  journeys('chromium', 'npm', []),
  (async () => {
    if (hasElectron) await journeys('electron', 'xvfb-run', ['-a', 'npm']);
    if (existsSync(join(root, '../shared/data/onnx-backend-tests')))
      await step('npm run conformance', 'npm', ['run', 'conformance']);
    else leaveOut('npm run conformance', 'no ../shared/data/onnx-backend-tests');
    await step('npm run agree', 'npm', ['run', 'agree', '--', '--networks', '2000', '--seconds', '240']);
    await step('npm run fuzz', 'npm', ['run', 'fuzz', '--', '--seconds', '10']);
    await step('npm run check', 'npm', ['run', 'check']);
  })(),
]);

if (leftOut.length > 0) console.log(`\nleft out:\n${leftOut.map((line) => `  ${line}`).join('\n')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Says at the end that something was not run, which fails where nothing may be left out. */
function leaveOut(title, reason) {
  leftOut.push(`${title}: ${reason}`);
  if (noSkip) total.failed++;
}

/** A step that holds or does not. Its output is kept until its end, since others run beside it. */
function step(title, command, args) {
  return counted(title, runQuietly(command, args), null);
}

/** The journeys in one host. */
function journeys(project, command, before) {
  return counted(
    `journeys in ${project}`,
    runQuietly(command, [...before, 'run', 'e2e', '--', `--project=${project}`], {
      ...process.env,
      CONVSCOPE_E2E: project,
      PLAYWRIGHT_JSON_OUTPUT_NAME: join(folder, `${project}.json`),
    }),
    () => {
      const { stats } = read(`${project}.json`);
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
    },
  );
}

/** A step whose report says how many held. One that ends badly without a failed test counts as a failure. */
async function counted(title, running, count) {
  const started = Date.now();
  // What a step prints while it runs comes under its title; what was kept comes under the title at its end.
  console.log(`\n=== ${title}`);
  const { code, output } = await running;
  if (output !== undefined) console.log(`\n=== what ${title} printed\n${output}`);
  let result = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  if (count) {
    try {
      result = count();
      if (code !== 0 && result.failed === 0) result.failed = 1;
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
