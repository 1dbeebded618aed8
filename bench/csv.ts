/** Reading CSV rows from a plain file into event batches: LOBSTER messages and Tardis `incremental_book_L2`. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from 'quotewright/data/formats';

const FILE_BYTES = 200e6;
const BLOCK_ROWS = 100_000;
const ROUNDS = 3;

export async function benchCsv() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-csv-'));
  try {
    return [
      await measure('lobster', join(folder, 'GOOG_2012-06-21_34200000_57600000_message_5.csv'), '', lobsterRow),
      await measure('tardis', join(folder, 'book.csv'), TARDIS_HEADER, tardisRow),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(format: string, path: string, header: string, row: (index: number) => string) {
  const block = Array.from({ length: BLOCK_ROWS }, (_, index) => row(index)).join('');
  writeFileSync(path, header);
  for (let bytes = 0; bytes < FILE_BYTES; bytes += block.length) writeFileSync(path, block, { flag: 'a' });
  const megabytes = statSync(path).size / 1e6;
  const rounds: number[] = [];
  let events = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const recording = await openRecording(path, { format, tick: '0.01', lot: '1' });
    const start = process.cpuUsage();
    events = 0;
    for await (const batch of recording.batches()) events += batch.length;
    const { user, system } = process.cpuUsage(start);
    rounds.push(megabytes / ((user + system) / 1e6));
    if (recording.report.badRows > 0) throw new Error(`bench: ${format}: ${recording.report.badRows} bad rows`);
  }
  rounds.sort((a, b) => b - a);
  return { name: `csv ${format}`, megabytes, events, megabytesPerCpuSecond: rounds[0], median: rounds[ROUNDS >> 1] };
}

/** An order that comes, and one in three times goes again. */
function lobsterRow(index: number): string {
  const time = (34_200 + index * 0.001).toFixed(9);
  const price = 5_650_000 + (index % 97) * 100;
  return `${time},${index % 3 === 2 ? 3 : 1},${16_000_000 + index - (index % 3 === 2 ? 1 : 0)},100,${price},${index % 2 === 0 ? 1 : -1}\n`;
}

const TARDIS_HEADER = 'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n';

function tardisRow(index: number): string {
  const time = 1_700_000_000_000_000 + index * 40;
  const side = index % 2 === 0 ? 'bid' : 'ask';
  const price = (index % 2 === 0 ? 599 - (index % 97) : 601 + (index % 89)) + 0.5;
  return `deribit,BTC-PERPETUAL,${time},${time + 900},false,${side},${price},${index % 31}\n`;
}
