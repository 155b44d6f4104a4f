import type { FileRef } from '../../../shared/link/link';
import type { ImageSource, ModelSource } from '../../../shared/protocol';
import { MessageError, say, type Message } from '../../../words';

/** A file's name and content, as one opened it: of a network or of a picture. */
export type OpenedFile = Extract<ImageSource | ModelSource, { kind: 'bytes' }>;

/** A file that a link names, with the file itself where it is open. */
export interface KnownFile extends FileRef {
  source: ModelSource | ImageSource;
}

/** Bytes that are kept of files that are no longer shown. */
const KEPT = 512 * 2 ** 20;

/** Bytes do not change once they were read. */
const digests = new WeakMap<Uint8Array, Promise<string>>();

/** What a link names a file's content by: the first 16 hexadecimal digits of its SHA-256. */
export function digestOf(bytes: Uint8Array): Promise<string> {
  let digest = digests.get(bytes);
  if (!digest) {
    digest = crypto.subtle
      .digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
      .then((sha) => [...new Uint8Array(sha, 0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
    digests.set(bytes, digest);
  }
  return digest;
}

/**
 * The files that were opened in this window, the newest last: all that a link can open beside what the app brings along. Nobody
 * but the user chooses them, by a dialog, a drop, a paste or the command line.
 */
export class OpenedFiles {
  #files: { digest: string; source: OpenedFile }[] = [];

  /** @returns its digest. */
  async keep(source: OpenedFile): Promise<string> {
    const digest = await digestOf(source.bytes);
    this.#files = [...this.#files.filter((file) => file.digest !== digest), { digest, source }];
    const size = (): number => this.#files.reduce((sum, { source: { bytes } }) => sum + bytes.length, 0);
    while (this.#files.length > 1 && size() > KEPT) this.#files.shift();
    return digest;
  }

  /** Null where it was not opened here, or too much was opened since. A file may have been renamed: its content tells. */
  find({ digest }: FileRef): OpenedFile | null {
    return this.#files.find((file) => file.digest === digest)?.source ?? null;
  }

  get names(): string[] {
    return this.#files.map(({ source }) => source.name);
  }
}

/** A link names files that were not opened in this window: it can be followed once they are. */
export class MissingFiles extends MessageError {
  override name = 'MissingFiles';
  constructor(missing: readonly { name: string; what: Message }[], names: readonly string[]) {
    const same = missing.map(({ name }) => name).filter((name) => names.includes(name));
    const looked =
      names.length === 0
        ? say('link.looked-none')
        : same.length > 0
          ? say('link.looked-other', { names, same })
          : say('link.looked', { names });
    super(say('link.missing', { files: missing.map(({ what }) => what), reason: looked }));
  }
}
