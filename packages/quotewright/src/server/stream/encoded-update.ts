/** An update and its bytes in each format, made when the first client wants them and shared by all others. */
import { Packr } from 'msgpackr';
import type { ServerMessage, TopicUpdate } from '../protocol/stream.ts';

export type StreamFormat = 'json' | 'msgpack';

// Plain MessagePack that any library reads: no record extension of msgpackr's own, no 64-bit integers.
const packr = new Packr({ useRecords: false, variableMapSize: true, int64AsType: 'number' });

export function encodeMessage(message: ServerMessage, format: StreamFormat): Buffer {
  return format === 'json' ? Buffer.from(JSON.stringify(message)) : packr.pack(message);
}

export class EncodedUpdate {
  readonly update: TopicUpdate;
  #json: Buffer | undefined;
  #msgpack: Buffer | undefined;

  constructor(update: TopicUpdate) {
    this.update = update;
  }

  bytes(format: StreamFormat): Buffer {
    if (format === 'json') return (this.#json ??= encodeMessage(this.update, format));
    return (this.#msgpack ??= encodeMessage(this.update, format));
  }
}
