/**
 * What a face sends over one WebSocket, through the faults: frames keep their order, whatever is delayed. A customer who does not read is
 * cut off when so much waits for it, as venues do.
 */
import { WebSocket } from 'ws';
import type { FaceSocket, FrameKind } from '../contract.ts';
import type { FaultDesk } from '../core/faults.ts';

/** Bytes that may wait in the socket, and of frames that are delayed. */
const MAX_WAITING = 8 * 2 ** 20;
/** Close codes: the customer is too slow (policy violation); and RFC 6455 has no word for a connection that just breaks. */
const TOO_SLOW = 1008;

export class FrameLine implements FaceSocket {
  readonly #socket: WebSocket;
  readonly #faults: FaultDesk;
  /** Frames behind one that is delayed. */
  #waiting: string[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, faults: FaultDesk) {
    this.#socket = socket;
    this.#faults = faults;
  }

  send(frame: string, kind: FrameKind): void {
    const faults = this.#faults;
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (faults.isIdle) {
      this.#put(frame);
      return;
    }
    if (faults.take('drop')) {
      this.end();
      return;
    }
    if (kind === 'market' && faults.take('gap')) return;
    if (kind === 'ack' && faults.take('lost-ack')) return;
    if (this.#timer === undefined && faults.take('delay')) {
      this.#timer = setTimeout(() => this.#resume(), faults.delayMs);
    }
    this.#put(frame);
    if (kind === 'fill' && faults.take('duplicate-fill')) this.#put(frame);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** The connection breaks, without a word. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.#socket.terminate();
  }

  #put(frame: string): void {
    const socket = this.#socket;
    if (this.#timer !== undefined) {
      this.#waiting.push(frame);
      this.#waitingBytes += frame.length;
    } else socket.send(frame);
    if (socket.bufferedAmount + this.#waitingBytes <= MAX_WAITING) return;
    socket.close(TOO_SLOW, 'the client reads too slowly');
    this.end();
  }

  #resume(): void {
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const frame of waiting) if (this.#socket.readyState === WebSocket.OPEN) this.#put(frame);
  }
}
