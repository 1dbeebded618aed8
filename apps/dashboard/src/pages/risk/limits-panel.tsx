/** Limits as bars: what is used, what is left, of what; and the way to set another one. */
import { useMemo, useRef, useState } from 'react';
import type { LimitUse } from 'quotewright/server/protocol/risk';
import type { SessionInfo } from 'quotewright/server/protocol/session';
import { formatNumber } from '../../lib/format.ts';
import { Bar } from '../../ui/bar.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { shownUnit } from '../performance/units.ts';
import { LimitDialog } from './limit-dialog.tsx';
import {
  filteredLimits,
  isInUse,
  type LimitFilter,
  limitKey,
  limitLabel,
  limitStatus,
  scopeText,
  WARNING_SHARE,
} from './limits.ts';

interface LimitsPanelProps {
  readonly limits: readonly LimitUse[];
  readonly currency: string;
  readonly session: SessionInfo;
}

const FILTERS = [
  { value: 'used', label: 'In use' },
  { value: 'set', label: 'Set' },
  { value: 'all', label: 'All' },
] as const;

export function LimitsPanel({ limits, currency, session }: LimitsPanelProps) {
  const [filter, setFilter] = useState<LimitFilter>('used');
  const [edited, setEdited] = useState<string>();
  const seen = useRef(new Set<string>());
  for (const limit of limits) if (isInUse(limit)) seen.current.add(limitKey(limit));
  const shown = filteredLimits(limits, filter, seen.current);
  const inEdit = limits.find((limit) => limitKey(limit) === edited);
  const near = limits.filter((limit) => ['warning', 'reached'].includes(limitStatus(limit))).length;
  return (
    <Panel
      title="Limits"
      className="limits"
      actions={
        <>
          {near > 0 && (
            <span className="chip chip-warn">
              △ {near} at {WARNING_SHARE * 100} % or more
            </span>
          )}
          <RangePicker label="Which limits" value={filter} ranges={FILTERS} onChange={setFilter} />
        </>
      }
      note={`${shown.length} of ${limits.length}. Open orders count at their worst. Warned of from ${WARNING_SHARE * 100} % on.`}
    >
      {limits.length === 0 && <Empty title="This session runs without limits">It was started with risk off.</Empty>}
      {limits.length > 0 && shown.length === 0 && (
        <Empty title="No limit is in use">Nothing is held and nothing is open that would count against one.</Empty>
      )}
      <ul className="limit-list">
        {shown.map((limit) => (
          <li key={limitKey(limit)}>
            <LimitRow limit={limit} currency={currency} session={session} onEdit={() => setEdited(limitKey(limit))} />
          </li>
        ))}
      </ul>
      {inEdit !== undefined && (
        <LimitDialog
          limit={inEdit}
          unit={unitOf(inEdit, currency, session).unit}
          scope={scopeText(inEdit.scope, namesOf(session))}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Panel>
  );
}

interface LimitRowProps {
  readonly limit: LimitUse;
  readonly currency: string;
  readonly session: SessionInfo;
  readonly onEdit: () => void;
}

function LimitRow({ limit, currency, session, onEdit }: LimitRowProps) {
  const { used, value, share, scope } = limit;
  const { digits, unit } = unitOf(limit, currency, session);
  const status = limitStatus(limit);
  const names = useMemo(() => namesOf(session), [session]);
  const write = (amount: number | null, withUnit = true): string =>
    formatNumber(amount, { digits: digitsFor(value, digits), ...(withUnit ? { unit } : {}) });
  const label = limitLabel(limit.limit);
  return (
    <article className={`limit limit-${status}`}>
      {status === 'unlimited' || status === 'each' ? (
        <p className="limit-plain">
          <span>{label}</span>
          <span className="number">{value === null ? 'no limit' : write(value)}</span>
        </p>
      ) : (
        <Bar
          label={label}
          share={value === 0 && used !== 0 ? 1 : share}
          used={write(used, false)}
          limit={write(value)}
        />
      )}
      <div className="limit-more">
        <p>
          {scope !== 'global' && <strong>{scopeText(scope, names)}: </strong>}
          {limit.description}
          {status === 'each' && '; each order is looked at'}
        </p>
        <p className="limit-left">
          {used !== null && value !== null && `${write(Math.max(0, value - Math.abs(used)))} left`}
        </p>
        <Button kind="quiet" isSmall aria-label={`Change ${label}, ${scopeText(scope, names)}`} onClick={onEdit}>
          Change
        </Button>
      </div>
    </article>
  );
}

const namesOf = (session: SessionInfo): string[] => session.strategies.map(({ name }) => name);

/** Sizes are in the base currency of what the limit is about; a session of several has no one word for it. */
function unitOf(
  { unit, scope }: LimitUse,
  currency: string,
  { instruments }: SessionInfo,
): { digits: number; unit: string } {
  const own = instruments.find(
    ({ name, symbol }) => scope === `instrument:${name}` || scope === `instrument:${symbol}`,
  );
  const bases = new Set(instruments.map(({ base }) => base));
  const base = own?.base ?? (bases.size === 1 ? instruments[0]?.base : undefined);
  return shownUnit(unit, currency, base ?? 'base');
}

/** Large limits need no digits behind the point. */
function digitsFor(value: number | null, usual: number): number {
  if (value === null) return usual;
  return Math.min(usual, value >= 1000 ? 0 : value >= 100 ? 1 : value >= 1 ? 3 : usual);
}
