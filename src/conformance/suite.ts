import { decodeModel } from '../core/onnx/decode';
import type { TestCase } from './archive';
import type { Core } from './core';
import { operatorsOf, runCase, type Outcome } from './run-case';

export interface CaseReport {
  name: string;
  operators: string[];
  /** The worst result of all cores: failed, then not known, then passed. */
  outcome: Outcome;
}

export interface OperatorReport {
  operator: string;
  passed: number;
  failed: number;
  notKnown: number;
}

/** Runs a case through every core. */
export async function runThrough(testCase: TestCase, cores: readonly Core[]): Promise<CaseReport> {
  const { name } = testCase;
  try {
    if (!testCase.model) throw new Error('found no model.onnx, expected one');
    const model = decodeModel(testCase.model);
    const operators = operatorsOf(model);
    const outcomes: Outcome[] = [];
    for (const core of cores) {
      const outcome = await runCase(model, testCase, core);
      if (outcome.status === 'failed') outcome.reason = `${core.name}: ${outcome.reason}`;
      outcomes.push(outcome);
    }
    const worst = (['failed', 'not known', 'passed'] as const).find((status) =>
      outcomes.some((each) => each.status === status),
    );
    return { name, operators, outcome: outcomes.find((each) => each.status === worst)! };
  } catch (error) {
    return { name, operators: [], outcome: { status: 'failed', reason: (error as Error).message } };
  }
}

/** A case counts for each operator in its graph. */
export function byOperator(reports: readonly CaseReport[]): OperatorReport[] {
  const counts = new Map<string, OperatorReport>();
  for (const { operators, outcome } of reports) {
    for (const operator of operators) {
      const count = counts.get(operator) ?? { operator, passed: 0, failed: 0, notKnown: 0 };
      if (outcome.status === 'passed') count.passed++;
      else if (outcome.status === 'failed') count.failed++;
      else count.notKnown++;
      counts.set(operator, count);
    }
  }
  return [...counts.values()].sort((a, b) => (a.operator < b.operator ? -1 : 1));
}
