/** The head of the page: money from the stream, at once; ratios and rates from the server's report. */
import { useTopic } from '../../lib/stream.ts';
import { formatLots, formatNumber, formatShare } from '../../lib/format.ts';
import type { PnlData } from 'quotewright/server/protocol/stream';
import type { SessionInfo } from 'quotewright/server/protocol/session';
import type { Figure, PerformanceReport } from 'quotewright/server/protocol/trading';
import { Empty } from '../../ui/notes.tsx';
import { counted } from './counted.ts';
import { FigureTile } from './figure-tile.tsx';
import { accountFigure, type Headline, headlines, marketFigures } from './headline.ts';
import { moneyDigits, shownUnit } from './units.ts';

interface HeadlinePanelProps {
  readonly session: SessionInfo;
  /** Index of the strategy; undefined: all of them. */
  readonly strategy: number | undefined;
  readonly report: PerformanceReport['strategies'][number] | undefined;
}

export function HeadlinePanel({ session, strategy, report }: HeadlinePanelProps) {
  const { data } = useTopic<PnlData>('pnl');
  if (data === undefined) return <Empty title="Waiting for the first figures …" />;
  const all = headlines(data, strategy);
  return (
    <>
      {all.map((headline) => (
        <dl
          key={headline.currency}
          className={strategy === undefined ? 'headline headline-sum' : 'headline headline-full'}
          aria-label={`Figures in ${headline.currency}`}
        >
          <Money headline={headline} />
          <Positions headline={headline} session={session} />
          {strategy !== undefined && <Rates report={report} session={session} headline={headline} />}
          <FigureTile
            label="Fills"
            about="Executions of own orders, and orders that are open now."
            value={formatNumber(headline.fills, { digits: 0 })}
          >
            {counted(headline.openOrders, 'open order')}
          </FigureTile>
        </dl>
      ))}
    </>
  );
}

function Money({ headline }: { readonly headline: Headline }) {
  const { currency, total, realised, unrealised, fees, funding, equity } = headline;
  const digits = moneyDigits(currency);
  const money = (value: number, sign = true): string => formatNumber(value, { digits, unit: currency, sign });
  return (
    <>
      <FigureTile
        isMain
        label="Total P&L"
        about="Realised and unrealised, less fees and funding paid."
        value={money(total)}
        trend={total}
      >
        equity {money(equity, false)}
      </FigureTile>
      <FigureTile
        label="Realised"
        about="Of what was bought and sold again, at average cost, before fees."
        value={money(realised)}
        trend={realised}
      />
      <FigureTile
        label="Unrealised"
        about="Of the open positions, at the mark of the moment."
        value={money(unrealised)}
        trend={unrealised}
      />
      <FigureTile
        label="Fees paid"
        about="Fees less rebates; with a minus, rebates were larger. They are taken off the total."
        value={money(fees, false)}
      >
        {funding !== 0 && `funding paid ${money(funding, false)}`}
      </FigureTile>
    </>
  );
}

function Positions({ headline, session }: { readonly headline: Headline; readonly session: SessionInfo }) {
  const positions = [...headline.lots].flatMap(([index, lots]) => {
    const instrument = session.instruments[index];
    return instrument === undefined ? [] : [{ instrument, lots }];
  });
  const [first, ...others] = positions;
  if (first === undefined) return null;
  const text = ({ instrument, lots }: typeof first): string =>
    `${formatLots(lots, instrument, true)}\u00a0${instrument.base}`;
  return (
    <FigureTile label="Position" about="What is held of each instrument: + long, − short." value={text(first)}>
      {others.length > 0 && others.map(text).join(' · ')}
    </FigureTile>
  );
}

function Rates({ report, session, headline }: Omit<HeadlinePanelProps, 'strategy'> & { readonly headline: Headline }) {
  const { currency, drawdown } = headline;
  const deepest = accountFigure(report, 'maxDrawdown', currency);
  const sharpe = accountFigure(report, 'sharpe', currency);
  const wins = accountFigure(report, 'winRate', currency);
  const trips = accountFigure(report, 'roundTrips', currency);
  return (
    <>
      <FigureTile
        label="Drawdown"
        about="How far equity is below its highest value, now and at worst, as a share of that value."
        value={formatShare(drawdown === undefined ? undefined : -drawdown, 3)}
      >
        at worst {shown(deepest, currency, 3)}
      </FigureTile>
      <FigureTile
        label="Sharpe ratio"
        about={`${sharpe?.description ?? ''}. From samples of one session: for comparing runs, no promise.`}
        value={shown(sharpe, currency)}
      >
        a year
      </FigureTile>
      <FigureTile
        label="Win rate"
        about={wins?.description ?? 'Share of round trips with a profit after fees'}
        value={shown(wins, currency, 1)}
      >
        of {shown(trips, currency)} round trips
      </FigureTile>
      <ByMarket label="Fill rate" name="fillRate" {...{ report, session }} />
      <ByMarket label="Quote uptime" name="quotedBoth" {...{ report, session }} />
    </>
  );
}

/** A figure that each market has: the first one large, the others below. */
function ByMarket(
  props: Pick<HeadlinePanelProps, 'report' | 'session'> & { readonly label: string; readonly name: string },
) {
  const { label, name, report, session } = props;
  const figures = marketFigures(report, name);
  const symbol = (instrument: number): string => session.instruments[instrument]?.symbol ?? '';
  const [first, ...others] = figures;
  return (
    <FigureTile label={label} about={first?.figure.description ?? label} value={shown(first?.figure, '', 1)}>
      {first !== undefined &&
        [
          symbol(first.instrument),
          ...others.map(({ instrument, figure }) => `${symbol(instrument)} ${shown(figure, '', 1)}`),
        ].join(' · ')}
    </FigureTile>
  );
}

function shown(figure: Figure | undefined, currency: string, digits?: number): string {
  const { scale, unit, digits: usual } = shownUnit(figure?.unit ?? '', currency);
  const value = figure?.value ?? null;
  return formatNumber(value === null ? null : value * scale, { digits: digits ?? usual, unit });
}
