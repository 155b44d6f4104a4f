import type { Client } from '../../shared/protocol';

/** The way to the engine: Electron's preload where there is one, else the WebSocket of the browser host. */
export async function connect(): Promise<Client> {
  if (window.convscope) return window.convscope;
  const socket = await import('../../shared/socket-client');
  return socket.connect(location);
}
