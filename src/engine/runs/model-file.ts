import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError } from '../../shared/failures';
import { say } from '../../words';
import { readWholeFile } from '../system/files';
import { gone, readEntry, runFolderOf } from './store';

/** The weights that a run keeps, as a file. @throws FailureError before the first epoch is through, and where there is no such run. */
export async function readModelFile(id: string): Promise<{ name: string; bytes: Uint8Array }> {
  const folder = runFolderOf(id);
  await access(folder).catch(() => {
    throw gone(id);
  });
  const title = (await readEntry(id).catch(() => null))?.title ?? id;
  const bytes = await readWholeFile(join(folder, 'model.onnx')).catch((error: FailureError) => {
    if (error.code !== 'file.missing') throw error;
    throw new FailureError('run.invalid', { run: title, reason: say('run.noModel') });
  });
  return { name: modelFileName(title, id), bytes };
}

/** A file name for a model: its title without characters that file systems refuse; `instead` if nothing is left. */
function modelFileName(title: string, instead: string): string {
  const plain = title.replaceAll(/[\\/:*?"<>|\p{Cc}]+/gu, '-').replaceAll(/^[\s.-]+|[\s.-]+$/g, '');
  return `${[...plain].slice(0, 60).join('').trimEnd() || instead}.onnx`;
}
