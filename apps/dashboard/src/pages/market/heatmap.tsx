/** Liquidity by price and time, with prints and own fills over it. */
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { attachCanvas } from '../../lib/canvas.ts';
import { exportCsv, exportPng } from '../../lib/export.ts';
import { formatSize, formatTicks } from '../../lib/format.ts';
import { colour } from '../../lib/theme.ts';
import { Button } from '../../ui/button.tsx';
import { ExportButtons } from '../../ui/export-buttons.tsx';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { HeatScene, type HeatStatus } from './heat-scene.ts';
import { RAMP_STEPS, ramp } from './heat-scale.ts';

const RANGES = [
  { value: '1', label: '1 min' },
  { value: '5', label: '5 min' },
  { value: '10', label: '10 min' },
] as const;
type Minutes = (typeof RANGES)[number]['value'];

const START: HeatStatus = { hasColumns: false, isFollowing: true, range: { low: 1, high: 100 }, stepTicks: 1 };
const KEY_STEP_PX = 40;
const ZOOM = 1.25;

interface HeatmapProps {
  readonly instrument: InstrumentInfo;
}

export function Heatmap({ instrument }: HeatmapProps) {
  const ground = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const scene = useRef<HeatScene | undefined>(undefined);
  const [status, setStatus] = useState(START);
  const [minutes, setMinutes] = useState<Minutes>('1');

  useEffect(() => {
    const [below, above] = [ground.current, marks.current];
    if (below === null || above === null) return undefined;
    const mine = new HeatScene(below, above, instrument, setStatus);
    scene.current = mine;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
        mine.pan(-(event.deltaX || event.deltaY), 0);
      else mine.zoom(event.deltaY > 0 ? ZOOM : 1 / ZOOM, event.offsetY);
    };
    above.addEventListener('wheel', wheel, { passive: false });
    return () => {
      above.removeEventListener('wheel', wheel);
      mine.stop();
      setStatus(START);
    };
  }, [instrument]);

  useEffect(() => scene.current?.setRange(Number(minutes) * 60_000), [minutes, instrument]);

  const keys: Record<string, () => void> = {
    ArrowLeft: () => scene.current?.pan(KEY_STEP_PX, 0),
    ArrowRight: () => scene.current?.pan(-KEY_STEP_PX, 0),
    ArrowUp: () => scene.current?.pan(0, KEY_STEP_PX),
    ArrowDown: () => scene.current?.pan(0, -KEY_STEP_PX),
    '+': () => scene.current?.zoom(1 / ZOOM),
    '-': () => scene.current?.zoom(ZOOM),
    c: () => scene.current?.follow(),
  };
  const pressed = (event: KeyboardEvent): void => {
    const what = keys[event.key];
    if (what === undefined) return;
    event.preventDefault();
    what();
  };
  const moved = (event: PointerEvent): void => {
    const { offsetX, offsetY } = event.nativeEvent;
    if (event.buttons === 1 && event.pointerType === 'mouse') scene.current?.pan(event.movementX, event.movementY);
    scene.current?.point({ x: offsetX, y: offsetY });
  };
  const save = (): void => {
    if (ground.current !== null && marks.current !== null) {
      exportPng(`heatmap-${instrument.symbol}`, [ground.current, marks.current]);
    }
  };

  return (
    <Panel
      title="Liquidity"
      className="heatmap flush"
      actions={
        <>
          <Legend status={status} instrument={instrument} />
          {!status.isFollowing && (
            <Button isSmall kind="primary" onClick={() => scene.current?.follow()}>
              Follow
            </Button>
          )}
          <RangePicker label="Time shown" value={minutes} ranges={RANGES} onChange={setMinutes} />
          <ExportButtons name="heatmap" onPng={save} onCsv={() => saveColumns(instrument, scene.current)} />
        </>
      }
    >
      <div className="heatmap-box">
        <canvas ref={ground} className="fill-canvas" aria-hidden="true" />
        <canvas
          ref={marks}
          className="fill-canvas heatmap-marks"
          tabIndex={0}
          role="img"
          aria-label="Heatmap of the order book over time with trades and own fills. Arrows scroll, plus and minus zoom, c follows the market."
          onKeyDown={pressed}
          onPointerMove={moved}
          onPointerLeave={() => scene.current?.point(undefined)}
          onDoubleClick={() => scene.current?.follow()}
        />
        {!status.hasColumns && (
          <div className="over-canvas">
            <Empty title="No history yet">A column appears every quarter of a second of market time.</Empty>
          </div>
        )}
      </div>
    </Panel>
  );
}

function saveColumns(instrument: InstrumentInfo, scene: HeatScene | undefined): void {
  const rows = (scene?.columns ?? []).flatMap(({ timeMs, bidTicks, askTicks, fromTicks, stepTicks, lots }) =>
    lots.flatMap((size, cell) =>
      size > 0
        ? [[new Date(timeMs).toISOString(), bidTicks, askTicks, fromTicks + cell * stepTicks, stepTicks, size]]
        : [],
    ),
  );
  exportCsv(
    `heatmap-${instrument.symbol}`,
    ['time', 'bid (ticks)', 'ask (ticks)', 'from (ticks)', 'width (ticks)', 'size (lots)'],
    rows,
  );
}

interface LegendProps extends HeatmapProps {
  readonly status: HeatStatus;
}

/** The scale of colours, and what the marks are. */
function Legend({ status, instrument }: LegendProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const painter = attachCanvas(element, ({ context, width, height }) => {
      const colours = ramp(colour('--heat-low'), colour('--heat-high'));
      for (const [step, [red, green, blue]] of colours.entries()) {
        context.fillStyle = `rgb(${red} ${green} ${blue})`;
        context.fillRect((step / RAMP_STEPS) * width, 0, width / RAMP_STEPS + 1, height);
      }
    });
    return () => painter.stop();
  }, []);
  const size = (density: number): string => formatSize(density * status.stepTicks * Number(instrument.lot));
  return (
    <div className="heat-legend">
      <span
        className="heat-marks-legend"
        aria-label="Discs: trades by buyers. Diamonds: trades by sellers. Triangles: own fills."
      >
        <span className="buy">● buy</span> <span className="sell">◆ sell</span> <span className="own">▲▼ own</span>
      </span>
      <span
        className="heat-scale"
        title={`${instrument.base} in each ${formatTicks(status.stepTicks, instrument)} ${instrument.quote} of price; log scale`}
      >
        <span className="number">{size(status.range.low)}</span>
        <canvas ref={canvas} className="heat-ramp" aria-hidden="true" />
        <span className="number">{size(status.range.high)}</span>
        <span className="muted">{instrument.base}</span>
      </span>
    </div>
  );
}
