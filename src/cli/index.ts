/** The command line (`out/main/cli.js`, run by `bin/convscope.js`). */
import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { resource } from '../engine/system/root';
import { printableLines } from '../words/printable';
import { UsageError, type Io, type Register } from './command';
import { register as bench } from './bench';
import { register as compare } from './compare';
import { register as diff } from './diff';
import { register as evaluate } from './evaluate';
import { register as preprocessings } from './preprocessings';
import { register as exportRun } from './export';
import { register as head } from './head';
import { register as inspect } from './inspect';
import { register as predict } from './predict';
import { register as recipes } from './recipes';
import { register as run } from './run';
import { register as summary } from './summary';
import { switchesFor } from './switches';
import { register as takeIn } from './take-in';
import { register as train } from './train';
import { register as verify } from './verify';

/** Every command, in the order of the help. */
const commands: Register[] = [
  inspect,
  predict,
  run,
  summary,
  takeIn,
  verify,
  recipes,
  train,
  head,
  evaluate,
  preprocessings,
  compare,
  diff,
  exportRun,
  bench,
];

const terminal = (setExitCode: (code: number) => void): Io => ({
  print: (line) => void process.stdout.write(`${line}\n`),
  warn: (line) => void process.stderr.write(`${line}\n`),
  setExitCode,
});

/** Control characters are escaped in all output, because names come from files. */
const shown = ({ print, warn, setExitCode }: Io): Io => ({
  print: (line) => print(printableLines(line)),
  warn: (line) => warn(printableLines(line)),
  setExitCode,
});

/**
 * Runs one command line. Errors go to standard error in one line.
 * @param argv without node and script. @returns the exit code: 0, 1 for errors, 2 for wrong usage.
 */
export async function main(argv: readonly string[], given?: Io): Promise<number> {
  let exitCode = 0;
  const io = shown(given ?? terminal((code) => (exitCode = code)));
  try {
    await program(io).parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help and --version
    const usage = error instanceof CommanderError || error instanceof UsageError;
    io.warn(`convscope: ${oneLine(error)}${switchesFor(error)}`);
    return usage ? 2 : 1;
  }
}

function program(io: Io): Command {
  const { version, description } = JSON.parse(readFileSync(resource('..', 'package.json'), 'utf8')) as Record<
    'version' | 'description',
    string
  >;
  const root = new Command('convscope')
    .description(description)
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.print(text.replace(/\n$/, '')),
      writeErr: (text) => io.warn(text.replace(/\n$/, '')),
      outputError: () => undefined, // `main` prints every error, in one line
    })
    .showHelpAfterError(false)
    .helpCommand(false)
    .addHelpText('after', HELP);
  root.action((_options: unknown, command: Command) => {
    const names = root.commands.map((each) => each.name()).join(', ');
    const found = command.args.length > 0 ? `'${command.args[0]}'` : 'nothing';
    throw new UsageError(`found ${found}, expected a command (${names}); --help tells more`);
  });
  root.allowExcessArguments();
  for (const register of commands) register(root, io);
  for (const command of root.commands) command.copyInheritedSettings(root).allowExcessArguments(false);
  return root;
}

const HELP = `
Exit codes: 0 done; 1 an error, told in one line on standard error; 2 wrong usage.
convscope COMMAND --help tells what a command takes and prints.`;

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/^error: /, '')
    .split(/\s*\n\s*/)
    .filter(Boolean)
    .join('; ');
}
