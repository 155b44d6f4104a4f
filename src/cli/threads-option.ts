import { InvalidArgumentError, Option } from 'commander';

/** `--threads`: the number of threads changes only the time. */
export const threadsOption = (): Option =>
  new Option('--threads <n>', 'threads; they change nothing but the time (default: all cores, at most 8)').argParser(
    (text) => {
      const count = Number(text);
      if (!Number.isInteger(count) || count < 1 || count > 64)
        throw new InvalidArgumentError('Expected a whole number from 1 to 64.');
      return count;
    },
  );
