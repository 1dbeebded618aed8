/** What several venues' reconciliations came to together. */
import type { ReconcileReport } from '@quotewright/core/engine/reconcile';

/** @param reports at least one */
export function mergeReports(reports: readonly ReconcileReport[]): ReconcileReport {
  const sum = (of: (report: ReconcileReport) => number): number => reports.reduce((total, each) => total + of(each), 0);
  return {
    answers: sum(({ answers }) => answers),
    executions: sum(({ executions }) => executions),
    booked: sum(({ booked }) => booked),
    bookedLots: sum(({ bookedLots }) => bookedLots),
    open: sum(({ open }) => open),
    gone: sum(({ gone }) => gone),
    adopted: sum(({ adopted }) => adopted),
    cancelled: sum(({ cancelled }) => cancelled),
    traces: sum(({ traces }) => traces),
    pending: sum(({ pending }) => pending),
    differences: reports.flatMap(({ differences }) => differences),
    unsettled: reports.flatMap(({ unsettled }) => unsettled),
    lines: reports.flatMap(({ lines }) => lines),
  };
}
