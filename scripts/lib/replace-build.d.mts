/** Puts the folders of a finished build in the place of the old ones. */
export function replaceBuild(fresh: string, target: string): void;
