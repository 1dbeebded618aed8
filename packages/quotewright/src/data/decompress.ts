/** Streaming gzip (RFC 1952, many members) and xz (many streams). Errors name the compressed byte where they arose. */
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import type { Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type * as XzLibrary from 'xz-decompress';
import { InputError } from './report.ts';

/** Result codes of the xz decoder (xz-embedded's `enum xz_ret`). */
const XZ_ERRORS: ReadonlyMap<string, string> = new Map([
  ['4', 'compressed with a dictionary larger than memory allows'],
  ['5', 'not in xz format'],
  ['6', 'compressed with an option that is not supported'],
  ['7', 'corrupt'],
  ['8', 'truncated or followed by other data'],
]);

type Bytes = Uint8Array<ArrayBuffer>;

/** Pumps `input` through a Node transform, with back-pressure both ways, and leaves nothing open behind. */
export async function* through(
  input: AsyncGenerator<Uint8Array, void, undefined>,
  transform: Transform,
): AsyncGenerator<Uint8Array, void, undefined> {
  const readable = Readable.from(input, { highWaterMark: 1 });
  readable.on('error', (error) => transform.destroy(error));
  readable.pipe(transform);
  try {
    const chunks: AsyncIterable<Uint8Array> = transform;
    yield* chunks;
  } finally {
    readable.destroy();
    transform.destroy();
  }
}

export async function* gunzip(path: string, input: AsyncGenerator<Bytes>): AsyncGenerator<Uint8Array, void, undefined> {
  const transform = createGunzip();
  let fed = 0;
  try {
    yield* through(
      counted(input, (bytes) => (fed += bytes)),
      transform,
    );
  } catch (error) {
    throw broken(path, 'gzip', transform.bytesWritten, error);
  }
  // zlib stops in silence at what is no further member.
  if (transform.bytesWritten < fed) {
    throw new InputError(`${path}: gzip data ends at byte ${transform.bytesWritten}, what follows is not gzip`);
  }
}

type XzDecoder = typeof XzLibrary;

const requireFrom = createRequire(import.meta.url);
const idleDecoders: XzDecoder[] = [];

/**
 * A copy of the xz library that nobody uses. One copy decodes one stream at a time and makes the second wait, which
 * would lock up whoever merges two recordings, so each stream gets a copy of its own, and copies are used again.
 */
function takeDecoder(): XzDecoder {
  const idle = idleDecoders.pop();
  if (idle !== undefined) return idle;
  delete requireFrom.cache[requireFrom.resolve('xz-decompress')];
  const decoder: XzDecoder = requireFrom('xz-decompress');
  return decoder;
}

export async function* unxz(
  path: string,
  input: AsyncGenerator<Bytes>,
  consumed: () => number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = takeDecoder();
  const reader = new decoder.XzReadableStream(ReadableStream.from(input)).getReader();
  let open = true;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        open = false;
        return;
      }
      if (value.length > 0) yield value;
    }
  } catch (error) {
    open = false;
    throw broken(path, 'xz', consumed(), error);
  } finally {
    // The library fails to cancel a stream whose end it has decoded but not yet handed out, and does not let go of its
    // input then, nor when the data is broken.
    if (open) await reader.cancel().catch(() => undefined);
    await input.return(undefined);
    idleDecoders.push(decoder);
  }
}

/** The one-line error for data that a decompressor refused. An error of our own passes through. */
export function broken(path: string, kind: string, byte: number, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = /error code (\d)$/.exec(text)?.[1];
  const detail = XZ_ERRORS.get(code ?? '') ?? (text === 'unexpected end of file' ? 'truncated' : `corrupt (${text})`);
  return new InputError(`${path}: ${kind} data is ${detail}, at or before compressed byte ${byte}`);
}

async function* counted(input: AsyncGenerator<Bytes>, add: (bytes: number) => void): AsyncGenerator<Bytes> {
  for await (const chunk of input) {
    add(chunk.length);
    yield chunk;
  }
}
