/** Regimes along time as a strip: width is time, height and pattern are the regime, and the shares stand in words below. */
import { formatShare, formatTime } from '../../lib/format.ts';
import { type RegimeSpan, sharesOf } from './regime-history.ts';
import { regimeWords } from './regimes.ts';

const HEIGHTS = { calm: 8, normal: 14, volatile: 21, crisis: 28, other: 14 } as const;
const TALL = 28;

interface RegimeStripProps {
  readonly spans: readonly RegimeSpan[];
  readonly name: string;
}

export function RegimeStrip({ spans, name }: RegimeStripProps) {
  const from = spans[0]?.fromMs ?? 0;
  const to = spans.at(-1)?.toMs ?? from;
  if (to <= from) return null;
  const shares = sharesOf(spans)
    .map(({ regime, share }) => `${regimeWords(regime).label.toLowerCase()} ${formatShare(share, 0)}`)
    .join(' · ');
  const x = (timeMs: number): number => ((timeMs - from) / (to - from)) * 1000;
  return (
    <figure className="regime-strip">
      <svg
        viewBox={`0 0 1000 ${TALL}`}
        preserveAspectRatio="none"
        height={TALL}
        role="img"
        aria-label={`Regimes of ${name}: ${shares}`}
      >
        {spans.map(({ regime, fromMs, toMs }) => {
          const { kind, label } = regimeWords(regime);
          const height = HEIGHTS[kind];
          return (
            <rect
              key={fromMs}
              className={`span-${kind}`}
              x={x(fromMs)}
              y={TALL - height}
              width={Math.max(1, x(toMs) - x(fromMs))}
              height={height}
            >
              <title>{`${label}, ${formatTime(fromMs)} to ${formatTime(toMs)}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption>
        <time className="mono">{formatTime(from)}</time>
        <span>{shares}</span>
        <time className="mono">{formatTime(to)}</time>
      </figcaption>
    </figure>
  );
}
