import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { Listeners } from '../shared/listeners';
import type { Client, EventName, Method, Params, Result } from '../shared/protocol';
import type { DataInfo } from '../shared/data-sets';
import type { Answer } from '../main/ipc';

// One listener for all subscribers: Electron reports more than ten on a channel as a leak.
const listeners = new Listeners();
ipcRenderer.on('event', (_event, name: EventName, payload: unknown) => listeners.tell(name, payload));

/** Carries the protocol and nothing else. No channel name comes from the page. */
const client: Client = {
  call: async <M extends Method>(method: M, params: Params<M>) =>
    unwrap((await ipcRenderer.invoke('call', method, params)) as Answer) as Result<M>,
  on: (event, listener) => listeners.on(event, listener),
  save: async (name, bytes) => unwrap((await ipcRenderer.invoke('save', name, bytes)) as Answer) as boolean,
  frame: async (wishes) => void unwrap((await ipcRenderer.invoke('frame', wishes)) as Answer),
  folders: {
    choose: async () => unwrap((await ipcRenderer.invoke('choose-folder')) as Answer) as DataInfo | null,
    dropped: async (file) => unwrap((await ipcRenderer.invoke('dropped', pathOf(file))) as Answer) as DataInfo,
  },
};

/**
 * The path of a dropped file. A file that the page made up has none: properties that the page sets on a File do not
 * cross the bridge, while those of a plain object would.
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
