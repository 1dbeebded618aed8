/** What an engine is made of, who takes its requests away, and what it found wrong with reports. */
import { instrumentVenues } from '../market/instrument-venues.ts';
import type { Instrument } from '../market/instrument.ts';
import { Risk, type RiskSettings } from '../risk/risk.ts';
import type { InputSink } from '../trading/input-sink.ts';
import type { LedgerOptions } from '../trading/ledger.ts';
import type { MessageBudget } from '../trading/message-budget.ts';
import { Applied } from '../trading/order-reports.ts';
import type { QuoterOptions } from '../trading/quoter.ts';
import type { LocalMarket, Mark } from './local-market.ts';
import type { SeatSetup } from './strategy-seat.ts';

export interface EngineSetup {
  readonly instruments: readonly Instrument[];
  /** By instrument: its recording or venue gives order events. */
  readonly isL3: readonly boolean[];
  /** By instrument: index of its venue, for execution numbers and message budgets. */
  readonly venueOf: readonly number[];
  readonly strategies: readonly SeatSetup[];
  readonly seed: number;
  readonly mark: Mark;
  /** Of each strategy's account. */
  readonly ledger?: LedgerOptions;
  readonly quoter?: QuoterOptions;
  /** By venue; absent: no limit. */
  readonly budgets?: readonly MessageBudget[];
  readonly ackTimeoutNs?: number;
  /** The gate, the breakers, the alerts. Absent (tests, the measuring of parts): every order goes out. */
  readonly risk?: RiskSettings;
  /** Is told every input before it has its effect. */
  readonly journal?: InputSink;
}

/**
 * A limit of a venue holds for all its instruments, also where each is simulated by a venue of its own (`venueOf`). Instruments of
 * one venue share its budget.
 */
export function makeRisk(setup: EngineSetup, settings: RiskSettings, locals: readonly LocalMarket[]): Risk {
  const { instruments, strategies, budgets } = setup;
  const { names, venueOf } = instrumentVenues(instruments);
  const ofVenue = budgets && names.map((_, venue) => budgets[setup.venueOf[venueOf.indexOf(venue)]]);
  return new Risk(settings, locals, venueOf, strategies.length, ofVenue);
}

/** Who takes the requests away. */
export interface OrderCarrier {
  /** A request (`trading/records.ts`) at `data[offset]`, to be copied. */
  send(data: Float64Array, offset: number): void;
}

/** What was wrong with reports: none of it happens at a sound venue. */
export interface ReportFaults {
  duplicates: number;
  unknownOrders: number;
  overfills: number;
  late: number;
  missing: number;
  malformed: number;
}

/** Counts what `Applied` bits say is wrong. */
export function countFaults(faults: ReportFaults, applied: number): void {
  if ((applied & Applied.DUPLICATE) !== 0) faults.duplicates++;
  if ((applied & Applied.UNKNOWN_ORDER) !== 0) faults.unknownOrders++;
  if ((applied & Applied.OVERFILL) !== 0) faults.overfills++;
  if ((applied & Applied.LATE) !== 0) faults.late++;
  if ((applied & Applied.MISSING) !== 0) faults.missing++;
  if ((applied & Applied.MALFORMED) !== 0) faults.malformed++;
}
