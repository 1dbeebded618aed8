/**
 * A frame's bytes in a place of our own that can be read four at a time. Copying them costs less than a `DataView` for each frame, and behind
 * the frame there are zeros, so that who reads words need not look for its end: a zero is neither a digit nor any text.
 */
const FIRST_BYTES = 4096;
/** Zeros behind a frame. The longest text that is compared at one place is shorter than the slack. */
const ZEROS = 16;
const SLACK = 64;

export class FrameView {
  bytes = new Uint8Array(FIRST_BYTES);
  /** Of `bytes`. Both are others after a `take` that had to grow. */
  view = new DataView(this.bytes.buffer);
  /** Of the frame. */
  length = 0;

  take(frame: Uint8Array): void {
    const { length } = frame;
    if (length + SLACK > this.bytes.length) {
      this.bytes = new Uint8Array(2 * length + SLACK);
      this.view = new DataView(this.bytes.buffer);
    }
    this.bytes.set(frame);
    for (let at = length; at < length + ZEROS; at += 4) this.view.setInt32(at, 0);
    this.length = length;
  }
}
