/** The contract between the readers of recorded data and those who use them. */
import type { EventBatch } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { ReadReport } from './report.ts';
import type { Head, Source } from './source.ts';

export interface OpenOptions {
  /** Stop at the first bad row, gap or duplicate with an InputError. */
  readonly strict: boolean;
  /** Decimal strings that override what the format, the recording or the table of known instruments say. */
  readonly tick?: string;
  readonly lot?: string;
  readonly symbol?: string;
  /** A small YAML or JSON file that names the columns of a CSV (wide L2 files). */
  readonly mapping?: string;
}

/** An opened recording. It is read once, from start to end, in constant memory. */
export interface Recording {
  /** Name of the format, as `--format` takes it. */
  readonly format: string;
  /** Days since 1970-01-01 of the UTC midnight that event times count from. Known when opened. */
  readonly epochDay: number;
  /** By the index in an event's HEAD. A multi-symbol recording appends as symbols appear. */
  readonly instruments: readonly Instrument[];
  readonly report: ReadReport;
  /** True when the recording's order events build an L3 book, false when its levels build an L2 book. */
  readonly isL3: boolean;
  /** Batches in file order. A batch is valid until the next one is asked for. */
  batches(): AsyncGenerator<EventBatch, void, undefined>;
}

export interface Format {
  /** As `--format` takes it: `lobster`, `binance`, `tardis`… */
  readonly name: string;
  /** One line for help and for docs. */
  readonly description: string;
  /**
   * How sure the format is that a file is its own, from its name and the first 64 KiB of its decompressed content:
   * 0 no … 1 certain.
   */
  recognise(head: Head): number;
  /** @throws InputError when the head of the recording is unusable. */
  open(source: Source, options: OpenOptions): Promise<Recording>;
}
