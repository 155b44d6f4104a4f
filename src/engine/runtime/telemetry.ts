/**
 * On Linux and macOS onnxruntime would write an identifier of the machine into the home folder and send what it is used for
 * to its makers: nothing of that kind leaves a machine on which Convscope runs. It reads the variable once, as it is loaded.
 * To be called on a process's main thread: a worker's `process.env` is a copy that native code does not see.
 */
export function forbidTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY = '1';
}
