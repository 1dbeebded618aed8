/**
 * A snapshot as bytes: what the engine was after so many inputs of its journal, and what the host keeps beside it. Little-endian:
 * 4 bytes "QWSN", version (u32), number of inputs (f64), length of the body (u32), CRC-32 of everything after these 24 bytes and of
 * the 20 before it (u32), body: `node:v8` serialisation.
 */
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import type { EngineState } from '@quotewright/core/engine/engine-state';

export interface Snapshot {
  /** Inputs of the journal that are in the state. */
  readonly sequence: number;
  /** Digests of the engine's hashes, as a journal's marks have them. */
  readonly inputs: string;
  readonly outputs: string;
  readonly engine: EngineState;
  /** Of the host; what a structured clone takes. */
  readonly host: unknown;
}

export const SNAPSHOT_VERSION = 1;
const MAGIC = 0x4e53_5751;
const VERSION_AT = 4;
const SEQUENCE_AT = 8;
const LENGTH_AT = 16;
const CRC_AT = 20;
const HEADER_BYTES = 24;

/** @throws DataCloneError when a strategy or the host saved what cannot be stored (a function, a socket). */
export function encodeSnapshot(snapshot: Snapshot): Buffer {
  const body = serialize(snapshot);
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(SNAPSHOT_VERSION, VERSION_AT);
  bytes.writeDoubleLE(snapshot.sequence, SEQUENCE_AT);
  bytes.writeUInt32LE(body.length, LENGTH_AT);
  body.copy(bytes, HEADER_BYTES);
  bytes.writeUInt32LE(checksum(bytes), CRC_AT);
  return bytes;
}

/** Why bytes are no snapshot of the inputs that they are filed under; empty when they are one. */
export function snapshotDamage(bytes: Buffer, sequence: number): string {
  if (bytes.length < HEADER_BYTES) return `${bytes.length} bytes, expected at least ${HEADER_BYTES}`;
  if (bytes.readUInt32LE(0) !== MAGIC) return 'it does not begin as a snapshot does';
  const version = bytes.readUInt32LE(VERSION_AT);
  if (version !== SNAPSHOT_VERSION) return `version ${version}, expected ${SNAPSHOT_VERSION}`;
  const length = bytes.readUInt32LE(LENGTH_AT);
  if (length !== bytes.length - HEADER_BYTES) return `${bytes.length - HEADER_BYTES} bytes, expected ${length}`;
  if (bytes.readUInt32LE(CRC_AT) !== checksum(bytes)) return 'the checksum differs';
  const found = bytes.readDoubleLE(SEQUENCE_AT);
  return found === sequence ? '' : `it is of ${found} inputs`;
}

/** Of bytes without damage. */
export function decodeSnapshot(bytes: Buffer): Snapshot {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the checksum says that it is what `encodeSnapshot` wrote
  return deserialize(bytes.subarray(HEADER_BYTES)) as Snapshot;
}

function checksum(bytes: Buffer): number {
  return crc32(bytes.subarray(0, CRC_AT), crc32(bytes.subarray(HEADER_BYTES)));
}
