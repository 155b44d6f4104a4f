/**
 * Switches off onnxruntime's telemetry: on Linux and macOS it would write an identifier of the machine into the home
 * folder and send usage data to its makers. It reads the variable once, when it is loaded. Call it on the process's
 * main thread, because a worker's `process.env` is a copy that native code does not see.
 */
export function forbidTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY = '1';
}
