import { setFlagsFromString } from 'node:v8';
import { app } from 'electron';

/** How long the engine may take to finish what it does when the app quits, in milliseconds. */
const CLOSE_TIMEOUT = 5000;

/** Quitting waits for what the engine has in hand: `close` asks it to end, and resolves once it has. */
export function quitAfter(close: () => Promise<void>): void {
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    stopCompiling();
    const timeout = new Promise((resolve) => setTimeout(resolve, CLOSE_TIMEOUT));
    void Promise.race([close(), timeout]).then(() => {
      closed = true;
      app.quit();
    });
  });
}

/**
 * V8 compiles hot functions in background threads. One of them may ask the main thread for a garbage collection while that
 * waits for the background threads to finish, at the very end: then the process never ends (nodejs/node#54918; seen in
 * Electron 25 about once in a hundred times). So nothing new is compiled from here on, and what is being compiled finishes while the
 * engine closes.
 */
function stopCompiling(): void {
  for (const flag of ['--no-opt', '--no-sparkplug', '--no-concurrent-recompilation']) setFlagsFromString(flag);
}
