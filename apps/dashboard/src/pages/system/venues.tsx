/** The ways to the venues: what stands, how old what we know is, which books are not believed, and what happened last. */
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import type { SystemInfo } from 'quotewright/server/protocol/system';
import type { VenueEventInfo } from 'quotewright/server/protocol/venues';
import type { ReactNode } from 'react';
import { DASH, formatCount, formatDuration, formatNumber, formatShare, formatTime } from '../../lib/format.ts';
import { useSession } from '../../lib/stream.ts';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { type LinkedVenue, fullestBudget, linkedVenues, offsetText, staleBooks } from './venue-links.ts';

interface VenuesProps {
  readonly system: SystemInfo;
}

const digits = (value: number): number => (Math.abs(value) < 10 ? 1 : 0);
const ms = (value: number | null): string => formatNumber(value, { digits: digits(value ?? 0), unit: 'ms' });

function Feed({ link }: LinkedVenue) {
  const standing = link.lines.filter(({ isUp }) => isUp).length;
  return (
    <>
      {link.isFeedUp ? <span className="good">● up</span> : <span className="bad">○ down</span>}
      {link.lines.length > 1 && (
        <span className={standing < link.lines.length ? 'warn' : 'muted'}>
          {' '}
          {standing} of {link.lines.length}
        </span>
      )}
    </>
  );
}

function Orders({ link: { orders } }: LinkedVenue) {
  if (orders === 'none') return <span className="muted">not sent</span>;
  return orders === 'up' ? <span className="good">● up</span> : <span className="bad">○ down</span>;
}

const count = (value: number, isBad = value > 0): ReactNode => (
  <span className={isBad ? 'warn' : ''}>{formatCount(value)}</span>
);

function Ways({ venues, nowMs }: { readonly venues: readonly LinkedVenue[]; readonly nowMs: number }) {
  return (
    <Table
      label="Venues"
      rows={venues}
      empty={null}
      keyOf={({ name }) => name}
      columns={[
        { key: 'name', header: 'Venue', render: ({ name }) => name },
        { key: 'feed', header: 'Market data', render: (venue) => <Feed {...venue} /> },
        { key: 'orders', header: 'Orders', render: (venue) => <Orders {...venue} /> },
        {
          key: 'age',
          header: 'Last message',
          isNumber: true,
          title: 'How long ago market data came',
          render: ({ lastMessageMs }) =>
            lastMessageMs === null ? DASH : `${formatDuration(Math.max(0, nowMs - lastMessageMs))} ago`,
        },
        {
          key: 'rate',
          header: 'Messages/s',
          isNumber: true,
          render: ({ link }) => formatCount(Math.round(link.messagesPerSecond)),
        },
        {
          key: 'stale',
          header: 'Stale books',
          isNumber: true,
          title: 'Books that are not believed now',
          render: ({ link }) => count(link.staleBooks.length),
        },
        {
          key: 'resyncs',
          header: 'Resyncs',
          isNumber: true,
          title: 'Books that were asked for anew, since the start',
          render: ({ link }) => count(link.counts.resyncs, false),
        },
        {
          key: 'reconnects',
          header: 'Reconnects',
          isNumber: true,
          title: 'Connections that broke or could not be made, since the start',
          render: ({ link }) => count(link.counts.reconnects, false),
        },
        {
          key: 'zombies',
          header: 'Zombies',
          isNumber: true,
          title: 'Connections given up because nothing was heard, since the start',
          render: ({ link }) => count(link.counts.zombies, false),
        },
        {
          key: 'limited',
          header: 'Rate-limited',
          isNumber: true,
          title: 'Requests that found no room below the venue’s limits, since the start',
          render: ({ link }) =>
            link.bannedUntilMs === null ? (
              count(link.counts.rateLimited, false)
            ) : (
              <span className="bad">until {formatTime(link.bannedUntilMs)}</span>
            ),
        },
        {
          key: 'budget',
          header: 'Budget',
          isNumber: true,
          title: 'Used of our share of the limit that is nearest',
          render: ({ link }) => formatShare(fullestBudget(link), 0),
        },
        {
          key: 'clock',
          header: 'Clock',
          isNumber: true,
          title: 'The venue’s clock less ours, and by how much that may be wrong',
          render: ({ link }) => offsetText(link.clock),
        },
        {
          key: 'trip',
          header: 'Round trip',
          isNumber: true,
          title: 'The shortest of the last questions by REST',
          render: ({ link }) => ms(link.clock?.roundTripMs ?? null),
        },
      ]}
    />
  );
}

interface StaleProps extends VenuesProps {
  readonly instruments: readonly InstrumentInfo[];
}

function StaleBooks({ system, instruments }: StaleProps) {
  const stale = staleBooks(system);
  return (
    <Panel
      title="Books that are not believed"
      note="Nothing is quoted on them until the venue has sent a whole one again."
    >
      <Table
        label="Books that are not believed"
        rows={stale}
        empty={<Empty title="None: every book is good" />}
        keyOf={({ instrument }) => instrument}
        columns={[
          {
            key: 'name',
            header: 'Instrument',
            render: ({ instrument }) => instruments[instrument]?.name ?? DASH,
          },
          { key: 'why', header: 'Why', render: ({ fault, text }) => (fault === null ? text : `${fault}: ${text}`) },
          {
            key: 'since',
            header: 'For',
            isNumber: true,
            render: ({ sinceMs }) => formatDuration(Math.max(0, system.marketMs - sinceMs)),
          },
        ]}
      />
    </Panel>
  );
}

const SIGN = { info: '', warning: '! ', error: '✕ ' };
const PAINT = { info: '', warning: 'warn', error: 'bad' };

function Events({
  events,
  instruments,
}: { readonly events: readonly VenueEventInfo[] } & Pick<StaleProps, 'instruments'>) {
  return (
    <Panel title="What happened on the way">
      <div className="venue-events">
        <Table
          label="Events of the venues"
          rows={events.toReversed()}
          empty={<Empty title="Nothing yet" />}
          columns={[
            {
              key: 'time',
              header: 'Time',
              render: ({ timeMs }) => <span className="mono">{formatTime(timeMs, 1)}</span>,
            },
            { key: 'venue', header: 'Venue', render: ({ venue, line }) => `${venue} ${line}` },
            {
              key: 'type',
              header: 'What',
              render: ({ type, severity }) => (
                <span className={PAINT[severity]}>
                  {SIGN[severity]}
                  {type}
                </span>
              ),
            },
            {
              key: 'text',
              header: 'In words',
              render: ({ text, instrument, count: times }) => (
                <>
                  {instrument !== null && <span className="muted">{instruments[instrument]?.symbol} </span>}
                  {text}
                  {times > 1 && <span className="muted"> ({times}×)</span>}
                </>
              ),
            },
          ]}
        />
      </div>
    </Panel>
  );
}

/** Nothing where the market is simulated or replayed. */
export function Venues({ system }: VenuesProps) {
  const instruments = useSession()?.instruments ?? [];
  const venues = linkedVenues(system);
  if (venues.length === 0) return null;
  return (
    <>
      <Panel title="Venues" className="venue-ways">
        <Ways venues={venues} nowMs={system.marketMs} />
      </Panel>
      <div className="grid venue-grid">
        <Events events={system.venueEvents} instruments={instruments} />
        <StaleBooks system={system} instruments={instruments} />
      </div>
    </>
  );
}
