/** Images per second of `run`, which takes `batch` images a call, over at least `milliseconds`. */
export function rate(run: () => void, batch: number, milliseconds: number): number {
  const start = performance.now();
  for (let calls = 1; ; calls++) {
    run();
    const spent = performance.now() - start;
    if (spent >= milliseconds) return (calls * batch * 1000) / spent;
  }
}
