import type { Command } from 'commander';

/** A command's file exports one of these: it adds the command, its arguments, options and action to the program. */
export type Register = (program: Command, io: Io) => void;

/** Where a command writes, and how it sets an exit code; tests replace it. */
export interface Io {
  /** Writes a line to standard output. */
  print(line: string): void;
  /** Writes a line to standard error. */
  warn(line: string): void;
  /** Sets the exit code of a command that did its work and found a problem. */
  setExitCode(code: number): void;
}

/** For errors in how a command was called that commander cannot see by itself; exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
