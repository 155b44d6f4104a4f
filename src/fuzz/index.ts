/** `npm run fuzz` (`out/main/fuzz.js`): broken files, read by our own readers. Each reader must accept a file or say why not. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { put, serve, type Asked, type Told } from './child';
import { KINDS, makeInputs } from './inputs';

const HELP = `npm run fuzz -- --seconds N [--seed S] [--only ${KINDS.join('|')}] [--index I]

Reads broken files of every kind by the product's own readers. Each is made from the seed and its number alone. One that is
neither taken nor refused in words, takes more than 20 s or leaves the reader with more than 1 GiB is saved in
test-results/fuzz, and the exit code is 1. --index reads one input again.`;

/** Limits of time and memory for one input. */
const SECONDS = 20;
const MEMORY = 2 ** 30;
const FOUND = join('test-results', 'fuzz');

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      index: { type: 'string' },
    },
  });
  const [seconds, seed] = [Number(values.seconds ?? 60), Number(values.seed ?? 1)];
  const kinds = KINDS.filter((kind) => values.only === undefined || kind === values.only);
  if (!(seconds > 0) || !Number.isSafeInteger(seed) || seed < 0 || kinds.length === 0) {
    console.error(HELP);
    return 2;
  }
  const counts = new Map(kinds.map((kind) => [kind, { taken: 0, refused: 0, fault: 0 }]));
  const inputOf = await makeInputs();
  let reader: ChildProcess | null = null;
  const first = values.index === undefined ? 0 : Number(values.index);
  const end = performance.now() + seconds * 1000;
  for (let index = first; performance.now() < end; index++) {
    for (const kind of kinds) {
      reader ??= await start();
      const told = await ask(reader, { kind, seed, index });
      counts.get(kind)![told.outcome]++;
      if (told.outcome !== 'fault') continue;
      const folder = put(join(FOUND, `${kind}-${seed}-${index}`), inputOf(kind, seed, index));
      console.error(`${kind}, seed ${seed}, input ${index}: ${told.what}\n  saved in ${folder}`);
      // After a fault the process may be in any state.
      reader.kill('SIGKILL');
      reader = null;
    }
    if (values.index !== undefined) break;
  }
  reader?.disconnect();
  for (const [kind, { taken, refused, fault }] of counts)
    console.log(`${kind.padEnd(10)}${taken} taken, ${refused} refused, ${fault} faults`);
  return [...counts.values()].some(({ fault }) => fault > 0) ? 1 : 0;
}

async function start(): Promise<ChildProcess> {
  const child = fork(__filename, [], { env: { ...process.env, CONVSCOPE_FUZZ: 'reader' } });
  await once(child, 'message');
  return child;
}

/** The outcome of one input; a reader that crashes or hangs is one too. */
function ask(reader: ChildProcess, asked: Asked): Promise<Told> {
  return new Promise((resolve) => {
    const finish = (told: Told): void => {
      clearTimeout(timer);
      reader.off('message', onMessage).off('exit', onExit);
      resolve(told);
    };
    const fault = (what: string): void => finish({ outcome: 'fault', what, memory: 0 });
    const onMessage = (told: Told): void =>
      told.memory > MEMORY ? fault(`took ${Math.round(told.memory / 2 ** 20)} MiB (${told.what})`) : finish(told);
    const onExit = (code: number | null, signal: string | null): void =>
      fault(`the reader ended with ${code ?? signal}`);
    const timer = setTimeout(() => fault(`took longer than ${SECONDS} s`), SECONDS * 1000);
    reader.on('message', onMessage).on('exit', onExit);
    reader.send(asked);
  });
}

const work = process.env.CONVSCOPE_FUZZ === 'reader' ? serve() : main().then((code) => void (process.exitCode = code));
work.catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
