/** The one pass over all of a flight that everything later is answered from: its inputs, what each of them is, states along the way, and the overview. */
import { EVENT_STRIDE, EventKind, Field, headKind } from '@quotewright/core/market/event';
import { Command, InputKind } from '@quotewright/core/trading/records';
import type { Alert } from '../alerts/alert.ts';
import { reasonOf } from '../data/reason.ts';
import type { FlightMarkKind } from '../server/protocol/research.ts';
import { marketMs } from '../server/views/market-time.ts';
import { Checkpoints, type CheckpointLimits } from './checkpoints.ts';
import { EventFlags } from './event-flags.ts';
import { FillRows } from './fill-rows.ts';
import { Marks } from './marks.ts';
import { type Listener, Player } from './player.ts';
import { RecordSpool } from './record-spool.ts';
import { Rows } from './rows.ts';
import type { FlightItem, FlightSource } from './source.ts';
import { Tracks } from './tracks.ts';
import { subjectOf } from './words.ts';

const { HEAD, LOCAL_NS, SEQ } = Field;

/** At most so many states in so many bytes; they begin so close to each other. */
const LIMITS: CheckpointLimits = { most: 300, mostBytes: 64 * 1024 * 1024, every: 2048 };

interface ReadingOptions {
  /** Folder for the file of inputs. */
  readonly dir: string;
  readonly limits?: CheckpointLimits;
  /** Called now and then with the share that has been read, and the inputs so far. */
  readonly onProgress?: (share: number, events: number) => void;
}

export class Reading {
  readonly source: FlightSource;
  readonly spool: RecordSpool;
  readonly flags = new EventFlags();
  readonly fills: FillRows;
  readonly marks = new Marks();
  readonly tracks: Tracks;
  readonly checkpoints: Checkpoints;
  /** The engine's outputs after every so many events, by which a restored engine is checked. */
  readonly outputs: string[] = [];
  readonly outputsEvery: number;
  /** After the last event. */
  readonly player: Player;
  readonly #onProgress: ReadingOptions['onProgress'];
  /** Times at which requests were sent, and the first event of each that led to one. */
  readonly #sent = new Rows(2);
  /** Empty: states can be saved. */
  #whyNoStates = '';
  #hashes = 0;
  #hasDifference = false;
  /** The event at hand, for those who are told of its effects. */
  #event = 0;
  #ns = Number.NaN;

  private constructor(source: FlightSource, spool: RecordSpool, { limits = LIMITS, onProgress }: ReadingOptions) {
    this.source = source;
    this.spool = spool;
    this.#onProgress = onProgress;
    this.player = new Player(source);
    const { engine } = this.player;
    this.fills = new FillRows(source.instruments, engine.seats.length, source.epochDay);
    const histories = engine.seats.map((seat) => ({
      feesPaid: (market: number) => this.fills.feesPaid(seat, market, this.#event),
    }));
    this.tracks = new Tracks(engine, source.header?.cash ?? {}, histories, source.epochDay);
    this.checkpoints = new Checkpoints(limits);
    this.outputsEvery = limits.every;
  }

  /** @throws InputError when the inputs cannot be read, or the engine cannot be built */
  static async read(source: FlightSource, options: ReadingOptions): Promise<Reading> {
    const spool = new RecordSpool(options.dir);
    try {
      const reading = new Reading(source, spool, options);
      await reading.#readAll();
      return reading;
    } catch (error) {
      spool.close();
      throw error;
    }
  }

  async #readAll(): Promise<void> {
    for await (const item of this.source.items()) {
      if (item.kind === 'hashes') this.#compare(item);
      else {
        this.#take(item.data, item.count);
        this.#onProgress?.(this.source.progress, this.spool.length);
      }
    }
    this.spool.seal();
    this.tracks.end();
    const { notes, hasTrading } = this.source;
    if (this.#whyNoStates !== '') notes.push(`${this.#whyNoStates}: every look back plays it from the start`);
    if (hasTrading && !this.#hasDifference) {
      const count = this.#hashes.toLocaleString('en-US');
      notes.push(
        this.#hashes === 0
          ? 'it holds no hashes to compare with'
          : `replayed exactly: ${count} hashes that the session wrote were compared`,
      );
    }
  }

  #take(data: Float64Array, count: number): void {
    const { player, spool, flags, tracks } = this;
    for (let i = 0; i < count; i++) {
      const at = i * EVENT_STRIDE;
      const event = spool.length;
      const ns = data[at + LOCAL_NS]!;
      if (event % this.outputsEvery === 0) this.#checkpoint(event);
      spool.append(data, at);
      tracks.see(event, ns);
      this.#event = event;
      this.#ns = ns;
      this.#markInput(data, at);
      flags.push(player.take(data, at, this.#listener));
    }
  }

  #checkpoint(events: number): void {
    const { engine } = this.player;
    this.outputs.push(engine.outputs.digest());
    if (this.#whyNoStates !== '' || !this.checkpoints.isDue(events)) return;
    try {
      const state = engine.save();
      if (state.unsaved.length > 0) this.#whyNoStates = `${state.unsaved.join(', ')} cannot be saved`;
      else this.checkpoints.add(events, state, this.#oldest(events));
    } catch (error) {
      this.#whyNoStates = `the state after ${events} events cannot be saved (${reasonOf(error)})`;
    }
  }

  /** Number of the event on which the oldest order was sent that is open now. */
  #oldest(events: number): number {
    const row = this.#sent.countTo(this.player.oldestNs() - 0.5);
    return row < this.#sent.length ? this.#sent.data[row * this.#sent.width + 1]! : events;
  }

  #compare({ inputs, outputs }: Extract<FlightItem, { kind: 'hashes' }>): void {
    this.#hashes++;
    const { engine } = this.player;
    if (this.#hasDifference) return;
    const isSame = engine.inputs.digest() === inputs && engine.outputs.digest() === outputs;
    if (isSame) return;
    this.#hasDifference = true;
    const what = engine.inputs.digest() === inputs ? 'what the engine sent' : 'what it took in';
    this.source.notes.push(
      `NOT AS IT WAS: from event ${this.spool.length.toLocaleString('en-US')} at the latest ${what} differs from the session's; is a strategy or the program another one?`,
    );
  }

  /** Marks that lie in the input itself. */
  #markInput(data: Float64Array, at: number): void {
    const kind = headKind(data[at + HEAD]! | 0);
    if (kind === EventKind.GAP) this.#mark('gap', () => this.#inputText(data, at));
    else if (kind === InputKind.CONNECTION) this.#mark('connection', () => this.#inputText(data, at));
    else if (kind === InputKind.COMMAND) {
      this.#mark(data[at + SEQ] === Command.RESTART ? 'restart' : 'command', () => this.#inputText(data, at));
    } else if (isCommand(kind)) this.#mark('command', () => this.#inputText(data, at));
  }

  #inputText(data: Float64Array, at: number): string {
    const { kind, instrument, text } = subjectOf(data, at, this.source);
    const where = instrument === null ? '' : ` · ${this.source.instruments[instrument]?.symbol ?? instrument}`;
    return `${kind.toLowerCase()}: ${text}${where}`;
  }

  #mark(kind: FlightMarkKind, text: () => string): void {
    this.marks.add(kind, this.#event, marketMs(this.source.epochDay, this.#ns), text);
  }

  readonly #listener: Listener = {
    request: () => {
      const { data, length, width } = this.#sent;
      if (length > 0 && data[(length - 1) * width] === this.#ns) return;
      const at = this.#sent.add();
      this.#sent.data[at] = this.#ns;
      this.#sent.data[at + 1] = this.#event;
    },
    refusal: (text) => this.#mark('refusal', text),
    alert: (alert) => this.#mark(alertMark(alert), () => alert.text),
    fill: (strategy, market, fill, feePpb, text) => {
      this.fills.add(this.#event, this.#ns, strategy, market, fill, feePpb);
      this.#mark('fill', text);
    },
  };
}

function alertMark({ type }: Alert): FlightMarkKind {
  if (type === 'RISK_STATE') return 'risk';
  return type === 'CIRCUIT_BREAKER_OPEN' ? 'trip' : 'alert';
}

/** Of the inputs of the engine those that somebody gave. */
function isCommand(kind: number): boolean {
  return kind >= InputKind.COMMAND && kind !== InputKind.VAR && kind !== InputKind.FUNDING;
}
