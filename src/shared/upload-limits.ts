/** What one upload may hold: the window refuses a larger folder before it sends anything; the engine checks whatever arrives. */
export const uploadLimits = {
  files: 100_000,
  bytes: 4 * 2 ** 30,
  /** One file is sent as one message, see `messageLimit`. */
  fileBytes: 480 * 2 ** 20,
} as const;

/** The most bytes that one message of the browser host may hold, and those of them that may be JSON. */
export const messageLimit = 512 * 2 ** 20;
export const headerLimit = 2 ** 20;

/** MiB of the largest file that is opened: no picture or network of ours comes near. */
export const FILE_MIB = 512;
