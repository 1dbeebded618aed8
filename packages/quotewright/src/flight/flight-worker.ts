/** The thread of one flight: reads it, then answers. */
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { reasonOf } from '../data/reason.ts';
import { flightEvents, flightFound, flightMoment, flightOverview } from '../server/protocol/flight.ts';
import { instrumentInfos } from '../server/views/instrument-info.ts';
import type { FlightKnown, FlightQuestion, FlightTask, FromFlight, ToFlight } from './flight-link.ts';
import { Flight } from './flight.ts';
import { JournalSource } from './journal-source.ts';
import { Reading } from './reading.ts';
import { RecordingSource } from './recording-source.ts';
import type { FlightSource } from './source.ts';

const PROGRESS_MS = 100;

const port = parentPort!;
// oxlint-disable-next-line no-unsafe-type-assertion -- what `Flights` gives
const task = workerData as FlightTask;

function say(message: FromFlight): void {
  port.postMessage(message);
}

/** Where the home lies is nobody's business. */
function told(text: string): string {
  return text.replaceAll(task.path, basename(task.path)).replaceAll(task.dir, basename(task.dir));
}

function known(source: FlightSource, flight: Flight | undefined, events: number): FlightKnown {
  const { instruments, strategies, hasTrading, notes } = source;
  const [fromMs, toMs] = flight?.span ?? [null, null];
  return {
    progress: flight === undefined ? source.progress : 1,
    events,
    fromMs,
    toMs,
    instruments: instrumentInfos(instruments),
    strategies: [...strategies],
    hasTrading,
    notes: notes.map(told),
  };
}

async function open(): Promise<Flight> {
  const source = await (task.kind === 'session' ? JournalSource.open(task.path) : RecordingSource.open(task.path));
  let saidMs = 0;
  const reading = await Reading.read(source, {
    dir: task.dir,
    onProgress: (_, events) => {
      const nowMs = performance.now();
      if (nowMs - saidMs < PROGRESS_MS) return;
      saidMs = nowMs;
      say({ type: 'progress', known: known(source, undefined, events) });
    },
  });
  const flight = new Flight(reading);
  say({ type: 'ready', known: known(source, flight, flight.length) });
  return flight;
}

/** @throws RangeError when there is no such event, ZodError when the answer is none that may be given */
function answer(flight: Flight, question: FlightQuestion): unknown {
  if (question.ask === 'overview') return flightOverview.parse(flight.overview());
  if (question.ask === 'events') return flightEvents.parse({ events: flight.events(question.from, question.count) });
  if (question.ask === 'find') {
    return flightFound.parse({ event: flight.find(question.kind, question.from, question.direction) });
  }
  return flightMoment.parse(flight.moment('event' in question ? question.event : flight.eventAt(question.timeMs)));
}

function messageOf(error: unknown): string {
  return error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s+/gu, ' ') : reasonOf(error);
}

try {
  const flight = await open();
  port.on('message', ({ id, ...question }: ToFlight) => {
    try {
      say({ type: 'answer', id, json: JSON.stringify(answer(flight, question)), notes: flight.notes.map(told) });
    } catch (error) {
      say({ type: 'refused', id, message: messageOf(error), isFault: !(error instanceof RangeError) });
    }
  });
} catch (error) {
  say({ type: 'failed', message: told(reasonOf(error)) });
}
