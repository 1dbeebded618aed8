/**
 * The journal: what an append costs the engine's thread, how many records a second reach the disk, how long a record is at risk, how
 * long a request waits for its inputs in `sync`, and how fast a journal is read. In the system's folder for temporary files, or in
 * the one that BENCH_DIR names.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { crc32c } from 'quotewright/journal/crc32c';
import { type Durability, type JournalWriter, openJournal } from 'quotewright/journal/journal';
import { readJournal } from 'quotewright/journal/reader';
import type { SessionHeader } from 'quotewright/journal/session-header';

const ROUNDS = 7;
/** Fits into the ring with room to spare, so that nothing of the disk is in the figure. */
const BURST = 50_000;
const SUSTAINED = 10_000_000;
const SAMPLES = 2000;

const HEADER: SessionHeader = {
  program: { name: 'bench', version: '0' },
  startedMs: 0,
  mode: 'simulation',
  epochDay: 0,
  seed: 1,
  instruments: [{ venue: 'bench', symbol: 'X', base: 'B', quote: 'Q', tick: '1', lot: '1', contract: 'spot' }],
  isL3: [false],
  venueOf: [0],
  strategies: [],
  mark: 0,
  cash: {},
  quoter: {},
  risk: null,
  config: {},
};

const records = Float64Array.from({ length: 1024 * EVENT_STRIDE }, (_, i) => i * 1.5);

export async function benchJournal() {
  const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'bench-journal-'));
  try {
    return [
      benchCrc(),
      await withJournal(folder, 'batch', benchAppend),
      ...(await bothDurabilities(folder)),
      await withJournal(folder, 'batch', (journal) => benchRisk(journal, 100)),
      await withJournal(folder, 'batch', (journal) => benchRisk(journal, 1000)),
      await withJournal(folder, 'sync', benchWait),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function bothDurabilities(folder: string) {
  const results: object[] = [];
  for (const durability of ['none', 'batch'] as const) {
    const dir = mkdtempSync(join(folder, 'sustained-'));
    const journal = await openJournal({ dir, durability, header: HEADER });
    results.push(await benchSustained(journal, durability));
    await journal.close();
    if (journal.failure !== '') throw new Error(`bench: ${journal.failure}`);
    if (durability === 'batch') results.push(benchRead(dir));
    rmSync(dir, { recursive: true });
  }
  return results;
}

async function withJournal<T>(
  folder: string,
  durability: Durability,
  work: (journal: JournalWriter) => T | Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(folder, 'part-'));
  const journal = await openJournal({ dir, durability, header: HEADER });
  const result = await work(journal);
  await journal.close();
  if (journal.failure !== '') throw new Error(`bench: ${journal.failure}`);
  rmSync(dir, { recursive: true });
  return result;
}

function append(journal: JournalWriter, count: number): void {
  for (let i = 0; i < count; i++) journal.append(records, (i & 1023) * EVENT_STRIDE);
}

function benchCrc() {
  const bytes = new Uint8Array(1 << 22).map((_, i) => i * 7);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let i = 0; i < 32; i++) crc32c(bytes);
    return (32 * bytes.length) / (performance.now() - start) / 1e6;
  }).toSorted((a, b) => b - a);
  return { name: 'journal crc32c', gigabytesPerSecond: rounds[0], median: rounds[ROUNDS >> 1] };
}

/** What the engine's thread pays, while the other thread writes. */
async function benchAppend(journal: JournalWriter) {
  const rounds: number[] = [];
  let heapBytes = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 10 * ROUNDS; round++) {
    const before = process.memoryUsage().heapUsed;
    const start = performance.now();
    append(journal, BURST);
    rounds.push(((performance.now() - start) * 1e6) / BURST);
    // A collection in between makes it smaller: then it says nothing.
    const grown = process.memoryUsage().heapUsed - before;
    if (grown >= 0) heapBytes = Math.min(heapBytes, grown);
    while (journal.pending > 0) await pause(1);
  }
  rounds.sort((a, b) => a - b);
  const perRecord = heapBytes / BURST;
  return { name: 'journal append', nanoseconds: rounds[0], median: rounds[5 * ROUNDS], heapBytesPerRecord: perRecord };
}

async function benchSustained(journal: JournalWriter, durability: Durability) {
  append(journal, SUSTAINED / 10);
  await journal.flush();
  const commits = journal.commits;
  const start = performance.now();
  append(journal, SUSTAINED);
  await journal.flush();
  const seconds = (performance.now() - start) / 1000;
  return {
    name: `journal sustained ${durability}`,
    recordsPerSecond: SUSTAINED / seconds,
    megabytesPerSecond: (SUSTAINED * 64) / seconds / 1e6,
    commits: journal.commits - commits,
    waitsForRoom: journal.lags,
  };
}

/** How long a record is at risk, at so many records per millisecond. */
function benchRisk(journal: JournalWriter, perMs: number) {
  const ages: number[] = [];
  const given: { at: number; sequence: number }[] = [];
  let next = performance.now();
  while (ages.length < SAMPLES) {
    const now = performance.now();
    if (now >= next) {
      append(journal, perMs);
      given.push({ at: now, sequence: journal.appended });
      next += 1;
    }
    const { committed } = journal;
    while (given.length > 0 && given[0]!.sequence <= committed) ages.push(performance.now() - given.shift()!.at);
  }
  return { name: `journal batch, at risk at ${perMs * 1000} records/s`, ...percentiles(ages) };
}

/** How long a request waits until the input that led to it is durable. */
function benchWait(journal: JournalWriter) {
  const waits = Array.from({ length: SAMPLES }, () => {
    const start = performance.now();
    append(journal, 1);
    journal.waitCommitted(journal.appended);
    return performance.now() - start;
  });
  return { name: 'journal sync, wait until durable', ...percentiles(waits) };
}

function benchRead(dir: string) {
  const rounds = Array.from({ length: 3 }, () => {
    const start = performance.now();
    let count = 0;
    for (const item of readJournal(dir)) if (item.kind === 'records') count += item.count;
    return count / ((performance.now() - start) / 1000);
  }).toSorted((a, b) => b - a);
  return { name: 'journal read, checksums included', recordsPerSecond: rounds[0], median: rounds[1] };
}

function percentiles(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}
