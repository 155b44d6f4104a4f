import { say, type Message } from '../words';
import { BrowserWindow, dialog, ipcMain, type IpcMainInvokeEvent } from 'electron';
import { basename } from 'node:path';
import type { EngineHost } from '../engine/worker/host';
import { writeFileAtomically } from '../engine/system/files';
import { FailureError, toFailure, type Failure } from '../shared/failures';
import { isMethod, type EventName, type Events, type Method, type Params } from '../shared/protocol';
import { frameWishes } from '../shared/frame';
import { ORIGIN } from './files';
import type { Frame } from './frame';
import type { Pages } from './pages';

/** An answer over IPC. Electron keeps only the message of a rejected error, so failures travel as values. */
export type Answer = { ok: true; result: unknown } | { ok: false; failure: Failure };

/** Only the top frame of our own page may call (Electron's security checklist, 17). */
export function isOurs(frame: IpcMainInvokeEvent['senderFrame']): boolean {
  return frame !== null && frame.parent === null && frame.url.startsWith(`${ORIGIN}/`);
}

export function carryProtocol(engine: EngineHost, pages: Pages, frame: Frame): void {
  ipcMain.handle('call', (event, method: unknown, params: unknown) =>
    answer(event, () => {
      if (!isMethod(method)) throw refused(say('call.no-method', { method: String(method) }));
      if (typeof params !== 'object' || params === null)
        throw refused(say('call.no-parameters', { method, found: String(params) }));
      return pages.call(event.sender, method, params as Params<Method>);
    }),
  );
  ipcMain.handle('frame', (event, wishes: unknown) =>
    answer(event, () => {
      frame.apply(BrowserWindow.fromWebContents(event.sender), frameWishes.read(wishes));
      return Promise.resolve();
    }),
  );
  ipcMain.handle('choose-folder', (event) =>
    answer(event, async () => {
      const path = await chooseFolder(BrowserWindow.fromWebContents(event.sender));
      return path === null ? null : engine.call('addData', { path });
    }),
  );
  ipcMain.handle('dropped', (event, path: unknown) =>
    answer(event, () => {
      if (typeof path !== 'string' || path === '') throw refused(say('call.dropped'));
      return engine.call('addData', { path });
    }),
  );
  ipcMain.handle('save', (event, name: unknown, bytes: unknown) =>
    answer(event, () => {
      if (typeof name !== 'string' || !(bytes instanceof Uint8Array)) throw refused(say('call.save'));
      return save(BrowserWindow.fromWebContents(event.sender), basename(name), bytes);
    }),
  );
}

export function sendEvent<E extends EventName>(event: E, payload: Events[E]): void {
  for (const { webContents } of BrowserWindow.getAllWindows())
    if (!webContents.isCrashed()) webContents.send('event', event, payload);
}

async function save(window: BrowserWindow | null, name: string, bytes: Uint8Array): Promise<boolean> {
  const options = { defaultPath: name };
  const { canceled, filePath } = await (window
    ? dialog.showSaveDialog(window, options)
    : dialog.showSaveDialog(options));
  if (canceled || !filePath) return false;
  await writeFileAtomically(filePath, bytes);
  return true;
}

async function chooseFolder(window: BrowserWindow | null): Promise<string | null> {
  const options = { properties: ['openDirectory' as const] };
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return canceled ? null : (filePaths[0] ?? null);
}

async function answer(event: IpcMainInvokeEvent, work: () => Promise<unknown>): Promise<Answer> {
  try {
    if (!isOurs(event.senderFrame)) throw refused(say('call.sender', { url: event.senderFrame?.url ?? '' }));
    return { ok: true, result: await work() };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

const refused = (reason: Message): FailureError => new FailureError('internal', { reason });
