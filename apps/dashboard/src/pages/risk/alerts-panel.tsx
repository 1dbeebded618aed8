/** Alerts, newest first: filtered by severity and type, acknowledged one by one or as many as are in sight. */
import { useState } from 'react';
import type { AlertInfo } from 'quotewright/server/protocol/risk';
import type { AlertsData } from 'quotewright/server/protocol/stream';
import type { Problem } from '../../lib/api.ts';
import { exportCsv } from '../../lib/export.ts';
import { formatTime } from '../../lib/format.ts';
import { useTopic } from '../../lib/stream.ts';
import { Button } from '../../ui/button.tsx';
import { ExportButtons } from '../../ui/export-buttons.tsx';
import { Empty, ErrorNote } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import {
  alertTypes,
  alertWords,
  openCounts,
  SEVERITIES,
  type Severity,
  SEVERITY_SIGNS,
  shownAlerts,
  typeLabel,
} from './alerts.ts';
import { useAcknowledge } from './use-acknowledge.ts';

/** Rows on the page; the file has all. */
const SHOWN = 100;
const NONE: readonly AlertInfo[] = [];

export function AlertsPanel() {
  const alerts = useTopic<AlertsData>('alerts').data?.items ?? NONE;
  const [severity, setSeverity] = useState<Severity>('INFO');
  const [type, setType] = useState<string>();
  const [isOpenOnly, setIsOpenOnly] = useState(false);
  const { pending, problems, acknowledge } = useAcknowledge(alerts);
  const shown = shownAlerts(alerts, { severity, type, isOpenOnly }, pending);
  const counts = openCounts(alerts, pending);
  return (
    <Panel
      title="Alerts"
      className="flush alerts"
      actions={
        <>
          <span className="alert-counts" role="group" aria-label="Not acknowledged">
            {SEVERITIES.toReversed()
              .filter((each) => counts[each] > 0)
              .map((each) => (
                <span
                  key={each}
                  className={`chip severity-${each.toLowerCase()}`}
                  title={`${each.toLowerCase()}, not acknowledged`}
                >
                  <span aria-hidden="true">{SEVERITY_SIGNS[each]}</span> {counts[each]}
                  <span className="unseen"> {each.toLowerCase()}, not acknowledged</span>
                </span>
              ))}
          </span>
          <ExportButtons name="alerts" onCsv={() => saveAlerts(shown)} />
        </>
      }
      {...(shown.length > SHOWN ? { note: `The newest ${SHOWN} of ${shown.length}.` } : {})}
    >
      <div className="alert-filters">
        <Select
          label="From"
          value={severity}
          options={SEVERITIES.map((each) => ({ value: each, label: `${SEVERITY_SIGNS[each]} ${each.toLowerCase()}` }))}
          onChange={(value) => setSeverity(SEVERITIES.find((each) => each === value) ?? 'INFO')}
        />
        <Select
          label="Type"
          value={type ?? ''}
          options={[
            { value: '', label: 'all' },
            ...alertTypes(alerts).map((each) => ({ value: each, label: typeLabel(each) })),
          ]}
          onChange={(value) => setType(value === '' ? undefined : value)}
        />
        <Toggle label="open only" isOn={isOpenOnly} onChange={setIsOpenOnly} />
      </div>
      {shown.length === 0 ? (
        <Empty title={alerts.length === 0 ? 'No alerts' : 'None that the filter lets through'}>
          {alerts.length === 0
            ? 'All is as it should be; what happens is listed here.'
            : 'There are others: look at the filter.'}
        </Empty>
      ) : (
        // A scrolling region must be reachable by key.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <ul className="alert-list" tabIndex={0} aria-label="Alerts, newest first">
          {shown.slice(0, SHOWN).map((alert) => (
            <AlertRow
              key={alert.key}
              alert={alert}
              isDone={alert.isAcknowledged || pending.has(alert.key)}
              problem={problems.get(alert.key)}
              onAcknowledge={() => acknowledge(alert)}
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}

interface AlertRowProps {
  readonly alert: AlertInfo;
  readonly isDone: boolean;
  readonly problem: Problem | undefined;
  readonly onAcknowledge: () => void;
}

function AlertRow({ alert, isDone, problem, onAcknowledge }: AlertRowProps) {
  const { severity, type, timeMs, instrument, heldBack, number } = alert;
  return (
    <li className={`alert severity-${severity.toLowerCase()} ${isDone ? 'alert-done' : ''}`}>
      <span className="alert-sign" aria-hidden="true">
        {SEVERITY_SIGNS[severity]}
      </span>
      <div className="alert-words">
        <p className="alert-head">
          <span className="alert-type">{typeLabel(type)}</span>
          <span className="alert-severity">{severity.toLowerCase()}</span>
          <time className="mono">{formatTime(timeMs)}</time>
        </p>
        <p className="alert-text">
          {instrument !== null && <span className="muted">{instrument} </span>}
          {alertWords(alert)}
          {heldBack > 0 && <span className="muted"> ({heldBack} more of the kind were held back)</span>}
        </p>
        {problem !== undefined && <ErrorNote problem={problem} />}
      </div>
      {isDone ? (
        <span className="alert-ack muted">✓ acknowledged</span>
      ) : (
        number !== null && (
          <Button
            isSmall
            className="alert-ack"
            aria-label={`Acknowledge: ${typeLabel(type)} of ${formatTime(timeMs)}`}
            onClick={onAcknowledge}
          >
            Acknowledge
          </Button>
        )
      )}
    </li>
  );
}

function saveAlerts(alerts: readonly AlertInfo[]): void {
  exportCsv(
    'alerts',
    ['number', 'time', 'severity', 'type', 'instrument', 'value', 'limit', 'text', 'acknowledged'],
    alerts.map((alert) => [
      alert.number,
      new Date(alert.timeMs).toISOString(),
      alert.severity,
      alert.type,
      alert.instrument,
      alert.value,
      alert.limit,
      alert.text,
      String(alert.isAcknowledged),
    ]),
  );
}
