import type { Client } from '../../shared/protocol';
import { printableIn } from '../../words/printable';

/** The way to the engine: Electron's preload where there is one, else the WebSocket of the browser host. */
export async function connect(): Promise<Client> {
  if (window.convscope) return shown(window.convscope);
  const socket = await import('../../shared/socket-client');
  return shown(await socket.connect(location));
}

/** Names come from files: what arrives is made visible here, once for all that is shown. Nothing goes back by such a name. */
export const shown = ({ call, on, save, frame, folders }: Client): Client => ({
  call: async (method, params) => printableIn(await call(method, params)),
  on: (event, listener) => on(event, (payload) => listener(printableIn(payload))),
  save,
  frame,
  folders: folders && {
    choose: async () => printableIn(await folders.choose()),
    dropped: async (file) => printableIn(await folders.dropped(file)),
  },
});
