/**
 * npm run agree [-- --seconds 60 --seed 1]: draws random networks and runs each in every available way (reference and WASM
 * executor, both builds of the kernels, one to three threads, training and inference, central differences, onnxruntime,
 * one step of an optimizer), until the time is up or one disagrees. Prints the smallest network that does, as JSON.
 *
 * npm run agree -- --network SEED: only the network whose seed a search printed, run in every one of these ways.
 */
import { tell } from './difference';
import { replay, search, type Report } from './search';
import { LastingThreads } from './threads';

const USAGE = `usage: npm run agree [-- --seconds SECONDS --seed NUMBER --networks NUMBER]
       npm run agree -- --network SEED   one network again, by the seed that was printed with it`;

interface Options {
  seconds: number;
  seed: number;
  networks: number;
  /** The seed of the only network to run; null: a search. */
  network: number | null;
}

function parse(args: readonly string[]): Options | null {
  const options: Options = { seconds: 60, seed: 1, networks: Infinity, network: null };
  for (let i = 0; i < args.length; i += 2) {
    const [name, value] = [args[i].replace(/^--/, ''), Number(args[i + 1])];
    if (!Object.hasOwn(options, name) || !args[i].startsWith('--') || !Number.isInteger(value) || value < 0)
      return null;
    options[name as keyof Options] = value;
  }
  return options;
}

async function main(args: readonly string[]): Promise<number> {
  const options = parse(args);
  if (!options) {
    console.error(USAGE);
    return 2;
  }
  const { seed, network } = options;
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  const threads = new LastingThreads();
  const report = await (
    network === null ? search(seed, goesOn(options, elapsed), threads) : replay(network, threads)
  ).finally(() => threads.end());
  const { found } = report;
  const what = network === null ? `seed ${seed}: ${report.networks} networks` : `network ${network}`;
  const rate = network === null ? `, ${(report.networks / elapsed()).toFixed(1)} a second` : '';
  console.log(
    `${what} in ${elapsed().toFixed(1)} s${rate}; gradients of ${report.compared} batches compared, of ${report.undecided} left out for a unit on a kink`,
  );
  if (!found) {
    console.log('no difference');
    return 0;
  }
  console.log(`\nnetwork ${found.seed}: ${tell(found.finding)}`);
  console.log(`again by: npm run agree -- --network ${found.seed}`);
  console.log(`the smallest that fails: ${tell(found.smallestFinding)}`);
  console.log(JSON.stringify({ seed: found.seed, ...found.smallestFinding, spec: found.smallest }));
  return 1;
}

/** Until the time is up or the networks are enough; tells every minute how far it is. */
function goesOn({ seconds, networks }: Options, elapsed: () => number): (report: Report) => boolean {
  let told = 0;
  return (soFar) => {
    if (elapsed() - told >= 60) {
      told = elapsed();
      console.log(`${soFar.networks} networks in ${told.toFixed(0)} s`);
    }
    return elapsed() < seconds && soFar.networks < networks;
  };
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    console.error(error.stack ?? error.message);
    process.exitCode = 1;
  },
);
