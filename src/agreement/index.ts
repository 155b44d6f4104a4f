/**
 * npm run agree [-- --seconds 60 --seed 1]: draws random networks and runs each every way there is (reference and WASM
 * executor, both builds of the kernels, one to three threads, training and inference, central differences, onnxruntime,
 * one step of an optimizer), until the time is up or one disagrees. Prints the smallest network that does, as JSON.
 */
import { tell } from './difference';
import { search } from './search';
import { LastingThreads } from './threads';

const USAGE = 'usage: npm run agree [-- --seconds SECONDS --seed NUMBER --networks NUMBER]';

interface Options {
  seconds: number;
  seed: number;
  networks: number;
}

function parse(args: readonly string[]): Options | null {
  const options: Options = { seconds: 60, seed: 1, networks: Infinity };
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
  const { seconds, seed, networks } = options;
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  const threads = new LastingThreads();
  let told = 0;
  const report = await search(
    seed,
    (soFar) => {
      if (elapsed() - told >= 60) {
        told = elapsed();
        console.log(`${soFar.networks} networks in ${told.toFixed(0)} s`);
      }
      return elapsed() < seconds && soFar.networks < networks;
    },
    threads,
  );
  await threads.end();
  const { found } = report;
  const rate = (report.networks / elapsed()).toFixed(1);
  console.log(
    `seed ${seed}: ${report.networks} networks in ${elapsed().toFixed(1)} s, ${rate} a second; gradients of ${report.compared} batches compared, of ${report.undecided} left out for a unit on a kink`,
  );
  if (!found) {
    console.log('no difference');
    return 0;
  }
  console.log(`\nnetwork ${found.seed}: ${tell(found.finding)}`);
  console.log(`the smallest that fails: ${tell(found.smallestFinding)}`);
  console.log(JSON.stringify({ seed: found.seed, ...found.smallestFinding, spec: found.smallest }));
  return 1;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    console.error(error.stack ?? error.message);
    process.exitCode = 1;
  },
);
