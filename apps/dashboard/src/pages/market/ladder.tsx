/** The order book as a ladder of prices, own quotes marked in it. */
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import type { BookData, QuotesData } from 'quotewright/server/protocol/stream';
import { useEffect, useRef, useState } from 'react';
import { exportPng } from '../../lib/export.ts';
import { formatLots, formatTicks, sideWord } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { ExportButtons } from '../../ui/export-buttons.tsx';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { GROUPS, ROW_HEIGHT } from './ladder-geometry.ts';
import { LadderScene } from './ladder-scene.ts';
import { useSlowly } from './use-slowly.ts';

interface LadderProps {
  readonly instrument: InstrumentInfo;
}

const WHEEL_ROWS_PX = 40;

export function Ladder({ instrument }: LadderProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scene = useRef<LadderScene | undefined>(undefined);
  const [group, setGroup] = useState<number>();
  /** Undefined until there is a book. */
  const [shownGroup, setShownGroup] = useState<number>();
  const [isLocked, setIsLocked] = useState(false);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const mine = new LadderScene(element, instrument, setShownGroup);
    scene.current = mine;
    // React's own listener is passive: the page would scroll with the ladder.
    const wheel = (event: WheelEvent): void => {
      if (event.ctrlKey) return;
      event.preventDefault();
      setIsLocked(true);
      mine.scroll(-Math.sign(event.deltaY) * Math.max(1, Math.round(Math.abs(event.deltaY) / WHEEL_ROWS_PX)));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      element.removeEventListener('wheel', wheel);
      mine.stop();
    };
  }, [instrument]);

  useEffect(() => scene.current?.set({ group, isLocked }), [group, isLocked, instrument]);

  const scroll = (rows: number): void => {
    setIsLocked(true);
    scene.current?.scroll(rows);
  };
  const page = (): number => Math.floor((canvas.current?.clientHeight ?? 400) / ROW_HEIGHT / 2);
  const keys: Record<string, () => void> = {
    ArrowUp: () => scroll(1),
    ArrowDown: () => scroll(-1),
    PageUp: () => scroll(page()),
    PageDown: () => scroll(-page()),
    c: () => setIsLocked(false),
  };

  return (
    <Panel
      title="Ladder"
      className="ladder flush"
      actions={
        <>
          <Select
            label="Group"
            isLabelHidden
            value={String(group ?? 0)}
            options={[
              {
                value: '0',
                label: shownGroup === undefined ? 'Auto' : `Auto · ${formatTicks(shownGroup, instrument)}`,
              },
              ...GROUPS.map((ticks) => ({ value: String(ticks), label: formatTicks(ticks, instrument) })),
            ]}
            onChange={(value) => setGroup(value === '0' ? undefined : Number(value))}
          />
          <Button
            isSmall
            isPressed={isLocked}
            onClick={() => setIsLocked(!isLocked)}
            title="Keeps the prices where they are"
          >
            {isLocked ? 'Locked' : 'Follows'}
          </Button>
          <ExportButtons
            name="ladder"
            onPng={() => {
              if (canvas.current !== null) exportPng(`ladder-${instrument.symbol}`, [canvas.current]);
            }}
          />
        </>
      }
    >
      <div className="ladder-heads" aria-hidden="true">
        <span>own · ahead</span>
        <span>bid {instrument.base}</span>
        <span>{instrument.quote}</span>
        <span>ask {instrument.base}</span>
        <span>ahead · own</span>
      </div>
      <div className="ladder-box">
        <canvas
          ref={canvas}
          className="fill-canvas"
          tabIndex={0}
          role="img"
          aria-label="Order book ladder. Up and down scroll, c goes back to the market. The same as text follows."
          onKeyDown={(event) => {
            const what = keys[event.key];
            if (what === undefined) return;
            event.preventDefault();
            what();
          }}
        />
        {shownGroup === undefined && (
          <div className="over-canvas">
            <Empty title="No book yet">It fills with the first update from {instrument.venue}.</Empty>
          </div>
        )}
      </div>
      <LadderText instrument={instrument} />
    </Panel>
  );
}

const TEXT_LEVELS = 5;

/** The best levels and the own quotes for those who do not see the canvas; changed at a reader's pace. */
function LadderText({ instrument }: LadderProps) {
  const book = useSlowly<BookData>(`book:${instrument.name}`, 2000);
  const quotes = useSlowly<QuotesData>(`quotes:${instrument.name}`, 2000);
  if (book === undefined) return null;
  return (
    <div className="unseen">
      <table>
        <caption>Best levels of {instrument.name}</caption>
        <thead>
          <tr>
            <th scope="col">Side</th>
            <th scope="col">Price</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {book.asks
            .slice(0, TEXT_LEVELS)
            .toReversed()
            .map(([ticks, lots]) => (
              <tr key={ticks}>
                <td>ask</td>
                <td>{formatTicks(ticks, instrument)}</td>
                <td>{formatLots(lots, instrument)}</td>
              </tr>
            ))}
          {book.bids.slice(0, TEXT_LEVELS).map(([ticks, lots]) => (
            <tr key={ticks}>
              <td>bid</td>
              <td>{formatTicks(ticks, instrument)}</td>
              <td>{formatLots(lots, instrument)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul aria-label="Own quotes">
        {quotes?.orders.map((order) => (
          <li key={order.id}>
            {sideWord(order.side)} {formatLots(order.openLots, instrument)} at {formatTicks(order.ticks, instrument)},{' '}
            {order.aheadLots === null ? 'place not known' : `at most ${formatLots(order.aheadLots, instrument)} ahead`}
          </li>
        ))}
      </ul>
    </div>
  );
}
