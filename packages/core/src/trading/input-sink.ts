/** Who is told every input of the engine, before it has its effect: the journal. */
export interface InputSink {
  /** The record at `data[offset, offset + EVENT_STRIDE)` is about to be taken in; to be copied. */
  append(data: Float64Array, offset: number): void;
}
