/** What a feed made of each frame, for the report: it counts what it could not use, and tells why a book is not believed any more. */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { FeedEvent, FeedFault, FeedStats } from '../../venues/contract/feed.ts';
import { asText, isObject, parseJson } from '../json.ts';
import type { ReadReport } from '../report.ts';

const MOST_NOTES = 50;
/** Bad rows by the fault of the book that they were of. The rest are told by the feed's counts. */
const KINDS: Readonly<Partial<Record<FeedFault, string>>> = {
  checksum: 'checksum that is not the book’s',
  crossed: 'book crossed',
  age: 'book too old to be believed',
  quote: 'best quote that is not the book’s',
};

export class FrameLog {
  /** Books lost, by fault. */
  readonly faults = new Map<FeedFault, number>();
  /** Line of the recording. */
  line = 0;
  readonly #report: ReadReport;
  readonly #instruments: readonly Instrument[];
  readonly #told: FeedEvent[] = [];
  readonly #notes = new Set<string>();
  #gaps = 0;
  #unreadable = 0;

  constructor(report: ReadReport, instruments: readonly Instrument[]) {
    this.#report = report;
    this.#instruments = instruments;
  }

  tell(event: FeedEvent): void {
    const { type, fault, market, detail } = event;
    if (type === 'stale' && fault !== undefined) {
      this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
      this.#told.push(event);
    }
    if (type === 'notice' || type === 'refused') {
      const symbol = market < 0 ? '' : `${this.#instruments[market]?.symbol}: `;
      const note = `${symbol}${type === 'refused' ? 'the venue refused: ' : ''}${detail}`;
      if (this.#notes.size >= MOST_NOTES || this.#notes.has(note)) return;
      this.#notes.add(note);
      this.#report.notes.push(`line ${this.line}: ${note}`);
    }
  }

  /** Before a frame is given to the feed whose counts these are. */
  begin({ gaps, unreadable }: FeedStats): void {
    this.#told.length = 0;
    this.#gaps = gaps;
    this.#unreadable = unreadable;
  }

  /** After it. @param hasRecords whether the feed put any out, or need not have @throws InputError in strict mode */
  end({ gaps, unreadable }: FeedStats, text: string, hasRecords: boolean): void {
    const report = this.#report;
    const [first] = this.#told;
    const kind = first?.fault === undefined ? undefined : KINDS[first.fault];
    if (unreadable > this.#unreadable) return report.addBad('message that cannot be read', this.line, text);
    if (kind !== undefined) return report.addBad(kind, this.line, first?.detail ?? '');
    const isGap = first?.fault === 'gap' || (gaps > this.#gaps && first === undefined);
    if (isGap) return report.addGap(this.line, 'the message after the one before', first?.detail ?? text.slice(0, 120));
    if (!hasRecords) report.addIgnored(kindOf(text));
  }
}

/** What a message calls itself, in any of the ways of the venues; so that what is not used is not one heap. */
function kindOf(text: string): string {
  const message = parseJson(text);
  if (Array.isArray(message)) return asText(message.at(-2)) || 'list';
  if (!isObject(message)) return 'no JSON';
  const inner = isObject(message['data']) ? asText(message['data']['e']) : '';
  const event = asText(message['event']);
  const channel = asText(message['channel']);
  // A channel of one symbol bears it behind its name.
  const word = event !== '' && event !== 'data' ? event : channel.replace(/_[^_]*$/u, event === '' ? '$&' : '');
  return (
    inner || asText(message['e']) || word || asText(message['type']) || asText(message['method']) || 'control message'
  );
}
