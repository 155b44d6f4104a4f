/** The generated AssemblyScript, as file name → text. */
export function generate(): Record<string, string>;
