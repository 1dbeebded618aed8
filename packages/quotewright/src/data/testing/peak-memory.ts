/** Run as a program, `peak-memory.ts FILE`: reads a recording to its end, prints its rows, events and peak memory. */
import { openRecording } from '../formats.ts';
import { peakMiB } from './peak-rss.ts';

const recording = await openRecording(process.argv[2]!);
let events = 0;
for await (const batch of recording.batches()) events += batch.length;
process.stdout.write(
  `${JSON.stringify({ rows: recording.report.rows, events, bad: recording.report.badRows, peakMiB: peakMiB() })}\n`,
);
