// What .ci/run runs once everything is installed. Goes on after a failure, adds up, ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/built.mjs';

const folder = mkdtempSync(join(tmpdir(), 'convscope-ci-'));
const total = { passed: 0, failed: 0 };

step('npm run build', 'npm', ['run', 'build']);
step('npm run check', 'npm', ['run', 'check']);
counted(
  'npm test',
  'npm',
  ['test', '--', '--reporter=default', '--reporter=json', `--outputFile.json=${folder}/unit.json`],
  {},
  () => {
    const report = read('unit.json');
    // A skipped test is one that lacked its data: in CI that is a failure.
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numPendingTests + failedSuites(report),
    };
  },
);
step('npm run conformance', 'npm', ['run', 'conformance']);
step('npm run fuzz', 'npm', ['run', 'fuzz', '--', '--seconds', '10']);
for (const project of ['chromium', 'electron']) {
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
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped };
    },
  );
}

console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

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
