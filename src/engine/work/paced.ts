/** Shortest time between two progress reports, in milliseconds: faster ones would not be seen. */
const EVERY = 100;

/** Forwards progress a few times a second, and always the end: a data set has tens of thousands of pictures. */
export function paced(progress: (done: number, total: number) => void): (done: number, total: number) => void {
  let last = -Infinity;
  return (done, total) => {
    const now = performance.now();
    if (done < total && now - last < EVERY) return;
    last = now;
    progress(done, total);
  };
}
