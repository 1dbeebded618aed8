/** Where everything that passes over the lines of a venue is seen, for who records it (`record/`). */

export interface Frame {
  /** Names the connection: the line and how often it was made, as `feed-2`; `rest`. */
  readonly conn: string;
  /** `connect`: `data` is the address. `http`: `data` is a JSON object {method, path, status, text}, secrets left out. */
  readonly t: 'connect' | 'send' | 'recv' | 'http' | 'close';
  /** When it was received or sent: nanoseconds since the epoch day, monotonic; and Unix milliseconds of the same instant. */
  readonly nowNs: number;
  readonly unixMs: number;
  /** Not kept by who gives it: copy what is to be used later. */
  readonly data: Uint8Array | string;
}

/** Called in the socket's turn, before the frame is parsed. Private lines are not tapped: they hold keys and accounts. */
export type FrameTap = (frame: Frame) => void;
