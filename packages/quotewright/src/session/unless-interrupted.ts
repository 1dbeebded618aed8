/** What comes before a session begins need not be waited for when somebody wants it to end: a venue that does not answer can take long. */

const LOOK_MS = 20;

/** It was to end before it began: nothing was sent, and nothing is kept. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted before it began: nothing was sent');
  }
}

/** @throws Interrupted, or what the work throws. Work that is left goes on to its end, and nobody hears of it. */
export async function unlessInterrupted<T>(isInterrupted: () => boolean, work: Promise<T>): Promise<T> {
  const asked = Promise.withResolvers<never>();
  const looking = setInterval(() => {
    if (isInterrupted()) asked.reject(new Interrupted());
  }, LOOK_MS);
  try {
    return await Promise.race([work, asked.promise]);
  } finally {
    clearInterval(looking);
  }
}
