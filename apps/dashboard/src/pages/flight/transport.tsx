/** The buttons under the scrubber: play, step by event, step to the next of a kind. */
import { Button } from '../../ui/button.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Select } from '../../ui/select.tsx';
import { SPEEDS } from './player.ts';

/** What `find` looks for; see the server's `FIND_KINDS`. */
const KINDS = [
  { value: 'fill', label: 'fill' },
  { value: 'order', label: 'own order event' },
  { value: 'trade', label: 'trade' },
  { value: 'alert', label: 'alert' },
  { value: 'command', label: 'command' },
] as const;

interface TransportProps {
  readonly isPlaying: boolean;
  readonly speed: number;
  readonly kind: string;
  /** A flight of a recording has trades only. */
  readonly hasTrading: boolean;
  readonly onPlay: (isPlaying: boolean) => void;
  readonly onSpeed: (speed: number) => void;
  readonly onKind: (kind: string) => void;
  readonly onStep: (events: number) => void;
  readonly onFind: (direction: 'next' | 'previous') => void;
}

export function Transport(props: TransportProps) {
  const { isPlaying, speed, kind, hasTrading, onPlay, onSpeed, onKind, onStep, onFind } = props;
  const kinds = hasTrading ? KINDS : KINDS.filter(({ value }) => value === 'trade');
  return (
    <div className="flight-transport" role="toolbar" aria-label="Move through the flight">
      <Button onClick={() => onFind('previous')} title="Shift + ←">
        |◀ <span>previous {kind}</span>
      </Button>
      <Button onClick={() => onStep(-1)} title="←">
        ◀ <span>event</span>
      </Button>
      <Button kind="primary" aria-pressed={isPlaying} onClick={() => onPlay(!isPlaying)} title="Space">
        {isPlaying ? '❚❚ pause' : '▶ play'}
      </Button>
      <Button onClick={() => onStep(1)} title="→">
        <span>event</span> ▶
      </Button>
      <Button onClick={() => onFind('next')} title="Shift + →">
        <span>next {kind}</span> ▶|
      </Button>
      <Select label="Step to" value={kind} options={kinds} onChange={onKind} />
      <RangePicker
        label="Speed"
        value={String(speed)}
        ranges={SPEEDS.map((each) => ({ value: String(each), label: `${each}×` }))}
        onChange={(value) => onSpeed(Number(value))}
      />
    </div>
  );
}
