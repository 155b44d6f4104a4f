/// <reference types="svelte" />
/// <reference types="vite/client" />
import type { Client } from '../../shared/protocol';

declare global {
  interface Window {
    /** Put there by Electron's preload; a browser has none and speaks over a WebSocket. */
    convscope?: Client;
  }
}
