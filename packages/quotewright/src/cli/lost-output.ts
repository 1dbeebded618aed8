/** What becomes of a program whose output goes nowhere any more: the pipe's reader has left, the terminal was closed, the disk is full. */

/** What goes on by itself, and ends as it should when nobody can see it; undefined: nothing does. */
let running: (() => void) | undefined;
/** Said once: each later write fails as well. */
let isTold = false;

/** @param end is told why once nothing runs that has to end first; empty: the reader has left (`| head`), which is no error */
export function watchOutput(end: (failure: string) => void): void {
  const watch = (stream: NodeJS.WriteStream, name: string): void => {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      const isLeft = error.code === 'EPIPE' || error.code === 'EIO';
      const failure = isLeft ? '' : `${name}: ${error.message}`;
      if (failure !== '' && !isTold && stream !== process.stderr) process.stderr.write(`quotewright: ${failure}\n`);
      isTold ||= failure !== '';
      if (running === undefined) end(failure);
      else running();
    });
  };
  watch(process.stdout, 'standard output');
  watch(process.stderr, 'standard error');
}

/** Something runs that is to be asked to end when its output is lost. @returns for when it is over */
export function endWithOutput(ask: () => void): () => void {
  running = ask;
  return () => {
    running = undefined;
  };
}
