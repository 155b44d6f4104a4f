/**
 * npm run conformance [-- FILE.tar.gz]: runs ONNX's own backend test cases through our layers, in the reference and the
 * WASM executor. What can be run is decided by a case's graph, never by its name.
 */
import { existsSync } from 'node:fs';
import { loadKernels } from '../engine/runtime/kernels';
import { resource } from '../engine/system/root';
import { readCases } from './archive';
import { ATOL, RTOL } from './compare';
import type { Core } from './core';
import { referenceCore } from './reference-core';
import { byOperator, runThrough, type CaseReport } from './suite';
import { findOperator } from './operators';
import { wasmCore } from './wasm-core';

/** Beside the project, like all third-party data. */
const preset = resource('..', '..', 'shared', 'data', 'onnx-backend-tests', 'cases.tar.gz');

async function main(args: readonly string[]): Promise<number> {
  if (args.length > 1 || args[0]?.startsWith('-')) {
    console.error('usage: npm run conformance [-- FILE.tar.gz]');
    return 2;
  }
  const file = args[0] ?? preset;
  if (!existsSync(file)) throw new Error(`'${file}': no such file, expected a .tar.gz of ONNX's backend test cases`);
  const cases = await readCases(file);
  const cores = testedCores();
  console.log(`${file}\n${cores.map(({ name }) => name).join(' · ')} · rtol ${RTOL}, atol ${ATOL}\n`);
  const reports: CaseReport[] = [];
  for (const testCase of cases) reports.push(await runThrough(testCase, cores));
  print(reports);
  return reports.some(({ outcome }) => outcome.status === 'failed') ? 1 : 0;
}

/** The reference, and the kernels in every build that this V8 supports: as used for training, and as used by the views. */
function testedCores(): Core[] {
  const best = loadKernels();
  const builds = best.build === 'simd' ? [best] : [best, loadKernels('simd')];
  return [referenceCore, ...builds.map((kernels) => wasmCore(kernels, 'training')), wasmCore(best, 'all')];
}

function print(reports: readonly CaseReport[]): void {
  const of = (status: string): CaseReport[] => reports.filter(({ outcome }) => outcome.status === status);
  for (const { name, outcome } of of('not known')) console.log(`not known  ${name}: ${outcome.reason}`);
  for (const { name, outcome } of of('failed')) console.log(`FAILED     ${name}: ${outcome.reason}`);
  console.log(`\n${'operator'.padEnd(28)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'not known'.padStart(11)}`);
  const isOurs = (operator: string): boolean =>
    findOperator('', operator) !== null || findOperator('ai.onnx.preview.training', operator) !== null;
  for (const { operator, passed, failed, notKnown } of byOperator(reports)) {
    if (!isOurs(operator)) continue;
    console.log(
      `${operator.padEnd(28)}${String(passed).padStart(8)}${String(failed).padStart(8)}${String(notKnown).padStart(11)}`,
    );
  }
  console.log(`\n${of('not known').length} not known, of ${reports.length} cases`);
  console.log(`${of('passed').length} passed, ${of('failed').length} failed`);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
