/** A file of an export, by its name in the folder that it goes to. */
export interface ExportFile {
  name: string;
  bytes: Uint8Array;
}

export const textFile = (name: string, text: string): ExportFile => ({ name, bytes: new TextEncoder().encode(text) });
