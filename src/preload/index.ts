import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Client, EventName, Events, Method, Params, Result } from '../shared/protocol';
import type { DataInfo } from '../shared/training';
import type { Answer } from '../main/ipc';

/** Carries the protocol and nothing else: no channel's name comes from the page. */
const client: Client = {
  call: async <M extends Method>(method: M, params: Params<M>) =>
    unwrap((await ipcRenderer.invoke('call', method, params)) as Answer) as Result<M>,
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void) {
    const receive = (_event: unknown, name: EventName, payload: unknown): void => {
      if (name === event) listener(payload as Events[E]);
    };
    ipcRenderer.on('event', receive);
    return () => void ipcRenderer.removeListener('event', receive);
  },
  save: async (name, bytes) => unwrap((await ipcRenderer.invoke('save', name, bytes)) as Answer) as boolean,
  folders: {
    choose: async () => unwrap((await ipcRenderer.invoke('choose-folder')) as Answer) as DataInfo | null,
    dropped: async (file) => unwrap((await ipcRenderer.invoke('dropped', pathOf(file))) as Answer) as DataInfo,
  },
};

/**
 * Where a dropped file lies; nowhere for one that the page made up: it has no path of its own, and what the page writes on it does
 * not come across, but a plain object would.
 */
function pathOf(file: File): string {
  if (!(file instanceof File)) return '';
  // Electron before 29 has no `webUtils`, later ones no `File.path`.
  return webUtils ? webUtils.getPathForFile(file) : (file as File & { path: string }).path;
}

/** Throws the failure as a plain object: the bridge between the two worlds keeps only an error's message. */
function unwrap(answer: Answer): unknown {
  if (answer.ok) return answer.result;
  throw answer.failure;
}

contextBridge.exposeInMainWorld('convscope', client);
