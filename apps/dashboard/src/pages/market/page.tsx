/** The market of one instrument: ladder, liquidity over time, depth, tape, spread and imbalance. */
import { useState } from 'react';
import { INSTRUMENT_SELECT } from '../../lib/instrument-select.ts';
import { useSession } from '../../lib/stream.ts';
import { Empty } from '../../ui/notes.tsx';
import { Select } from '../../ui/select.tsx';
import { DepthChart } from './depth-chart.tsx';
import { Heatmap } from './heatmap.tsx';
import { Ladder } from './ladder.tsx';
import { SeriesPanel } from './series-panel.tsx';
import { Summary } from './summary.tsx';
import { Tape } from './tape.tsx';
import './market.css';

export default function MarketPage() {
  const session = useSession();
  const [name, setName] = useState<string>();
  const instruments = session?.instruments ?? [];
  const instrument = instruments.find((one) => one.name === name) ?? instruments[0];
  if (instrument === undefined) {
    return <Empty title="No session yet">The market appears when the session’s server answers.</Empty>;
  }
  return (
    <div className="market" key={`${session?.epoch} ${instrument.name}`}>
      <h1 className="unseen">Market</h1>
      <div className="market-top">
        <Select
          id={INSTRUMENT_SELECT}
          label="Instrument"
          isLabelHidden
          value={instrument.name}
          options={instruments.map((one) => ({ value: one.name, label: one.name }))}
          onChange={setName}
        />
        <Summary instrument={instrument} />
      </div>
      <Ladder instrument={instrument} />
      <Heatmap instrument={instrument} />
      <div className="market-series">
        <SeriesPanel instrument={instrument} />
      </div>
      <DepthChart instrument={instrument} />
      <Tape instrument={instrument} />
    </div>
  );
}
