/** Prints as they come, newest first, own fills among them. */
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import { useEffect, useRef, useState } from 'react';
import { exportCsv } from '../../lib/export.ts';
import { sideWord } from '../../lib/format.ts';
import { markLater, startPainter } from '../../lib/frames.ts';
import { ExportButtons } from '../../ui/export-buttons.tsx';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Print, PrintLog } from './print-log.ts';
import { TAPE_ROW, TapeView } from './tape-view.ts';

interface TapeProps {
  readonly instrument: InstrumentInfo;
}

/** Nobody reads more lists a second; the ladder and the heatmap show each print at once. */
const EVERY_MS = 80;

export function Tape({ instrument }: TapeProps) {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLOListElement>(null);
  const kept = useRef<PrintLog | undefined>(undefined);
  const [hasPrints, setHasPrints] = useState(false);

  useEffect(() => {
    const [outer, inner, ordered] = [box.current, list.current, rows.current];
    if (outer === null || inner === null || ordered === null) return undefined;
    const view = new TapeView(outer, inner, ordered, instrument);
    let count = 0;
    const painter = startPainter(() => {
      const log = kept.current;
      if (log === undefined) return;
      // Who has scrolled down reads on: the list grows above what is in sight.
      if (outer.scrollTop > 0) outer.scrollTop += (log.count - count) * TAPE_ROW;
      count = log.count;
      view.draw(log);
      if (log.prints.length > 0) setHasPrints(true);
    });
    kept.current = new PrintLog(instrument.name, instrument.index, markLater(painter, EVERY_MS));
    const scrolled = (): void => painter.mark();
    outer.addEventListener('scroll', scrolled, { passive: true });
    const watcher = new ResizeObserver(scrolled);
    watcher.observe(outer);
    return () => {
      outer.removeEventListener('scroll', scrolled);
      watcher.disconnect();
      kept.current?.stop();
      painter.stop();
      ordered.replaceChildren();
      setHasPrints(false);
    };
  }, [instrument]);

  return (
    <Panel
      title="Tape"
      className="tape flush"
      actions={<ExportButtons name="tape" onCsv={() => save(instrument, kept.current?.prints ?? [])} />}
    >
      <div className="tape-heads" aria-hidden="true">
        <span className="tape-time">time</span>
        <span className="tape-side">side</span>
        <span className="tape-price">{instrument.quote}</span>
        <span className="tape-size">{instrument.base}</span>
      </div>
      <div ref={box} className="tape-box" tabIndex={0} role="region" aria-label="Trades, newest first">
        <div ref={list} className="tape-list">
          <ol ref={rows} />
        </div>
        {!hasPrints && <Empty title="No trades yet">They appear here as they happen.</Empty>}
      </div>
    </Panel>
  );
}

function save(instrument: InstrumentInfo, prints: readonly Print[]): void {
  exportCsv(
    `tape-${instrument.symbol}`,
    ['time', 'side', `price (${instrument.quote})`, `size (${instrument.base})`, 'own'],
    prints.map(({ timeMs, side, ticks, lots, isOwn }) => [
      new Date(timeMs).toISOString(),
      sideWord(side),
      (ticks * Number(instrument.tick)).toFixed(instrument.priceDigits),
      (lots * Number(instrument.lot)).toFixed(instrument.sizeDigits),
      isOwn ? 'yes' : 'no',
    ]),
  );
}
