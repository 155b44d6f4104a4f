/**
 * Counts the bytes of all messages between this process and its worker threads from here on, in `globalThis.crossed`: arrays by their size, the
 * rest by its JSON, which approximates structured cloning. Self-contained, so that Playwright can run it in Electron's main process.
 */
export function countTraffic() {
  // Old Electrons' Node lacks the first.
  const load = process.getBuiltinModule ?? ((name) => process.mainModule.require(name));
  const { Worker } = load('node:worker_threads');
  const { postMessage, emit } = Worker.prototype;
  const crossed = (globalThis.crossed = { sent: 0, received: 0 });
  const size = (message) => {
    let bytes = 0;
    const text = JSON.stringify(message, (_key, value) => {
      if (!ArrayBuffer.isView(value)) return value;
      bytes += value.byteLength;
      return null;
    });
    return bytes + (text?.length ?? 0);
  };
  Worker.prototype.postMessage = function (message, ...rest) {
    crossed.sent += size(message);
    return postMessage.call(this, message, ...rest);
  };
  Worker.prototype.emit = function (event, ...rest) {
    if (event === 'message') crossed.received += size(rest[0]);
    return emit.call(this, event, ...rest);
  };
}
