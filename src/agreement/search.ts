import type { ModelSpec } from '../core/model/spec';
import { agree, type Depth } from './agree';
import { Dice } from './dice';
import type { Finding } from './difference';
import { drawNetwork } from './draw-network';
import { shrink } from './shrink';
import type { LastingThreads } from './threads';

/** One in this many networks is also run with several threads, with central differences, in onnxruntime. */
export interface Shares {
  readonly threads: number;
  readonly quotients: number;
  readonly exported: number;
}

export interface Report {
  networks: number;
  /** Batches whose gradients were compared, and those where rounding decides. */
  compared: number;
  undecided: number;
  found: Found | null;
}

export interface Found {
  /** Of the network as it was drawn: `agree(networkOf(seed), seed, …)` finds it again. */
  seed: number;
  finding: Finding;
  drawn: ModelSpec;
  /** The smallest network that fails in the same way, and how. */
  smallest: ModelSpec;
  smallestFinding: Finding;
}

/** The seed of network number `index` of a search. */
export const seedOf = (seed: number, index: number): number => seed * 1_000_003 + index;

export function networkOf(seed: number): ModelSpec {
  return drawNetwork(new Dice(seed, 0));
}

/** Draws networks and runs them until one disagrees or `goesOn` says no. */
export async function search(
  seed: number,
  goesOn: (report: Report) => boolean,
  threads: LastingThreads,
  shares: Shares = { threads: 10, quotients: 4, exported: 6 },
): Promise<Report> {
  const report: Report = { networks: 0, compared: 0, undecided: 0, found: null };
  for (let index = 0; goesOn(report) && !report.found; index++) {
    const due = (share: number): boolean => index % share === share - 1;
    await run(report, seedOf(seed, index), {
      threads: due(shares.threads) ? threads : null,
      quotients: due(shares.quotients),
      exported: due(shares.exported),
    });
  }
  return report;
}

/** Runs the one network that a search named by this seed, in every way there is. */
export async function replay(own: number, threads: LastingThreads): Promise<Report> {
  const report: Report = { networks: 0, compared: 0, undecided: 0, found: null };
  await run(report, own, { threads, quotients: true, exported: true });
  return report;
}

async function run(report: Report, own: number, depth: Depth): Promise<void> {
  const spec = networkOf(own);
  const { finding, compared, undecided } = await agree(spec, own, depth);
  report.networks++;
  report.compared += compared;
  report.undecided += undecided;
  if (finding) report.found = { seed: own, finding, drawn: spec, ...(await smallest(spec, own, finding, depth)) };
}

/** The type of a finding: a smaller network that fails in another way is a different finding. */
const kindOf = (finding: Finding): string =>
  'error' in finding ? finding.error.replace(/\d+|'[^']*'/g, '') : finding.quantity.split(' ')[0];

async function smallest(
  spec: ModelSpec,
  seed: number,
  finding: Finding,
  depth: Depth,
): Promise<Pick<Found, 'smallest' | 'smallestFinding'>> {
  let smallestFinding = finding;
  const smallest = await shrink(spec, async (smaller) => {
    const own = (await agree(smaller, seed, depth)).finding;
    if (!own || kindOf(own) !== kindOf(finding)) return false;
    smallestFinding = own;
    return true;
  });
  return { smallest, smallestFinding };
}
