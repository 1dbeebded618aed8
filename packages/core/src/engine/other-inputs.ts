/** Inputs that are neither market records nor reports: what the engine's methods wrote, handed to them again. */
import { Field, headKind } from '../market/event.ts';
import { ALL_MARKETS, Command, InputKind } from '../trading/records.ts';

const { HEAD, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;

/** The methods of the engine that write such inputs. */
export interface InputTaker {
  wake(nowNs: number): void;
  funding(instrument: number, ratePpb: number, nowNs: number): void;
  connection(instrument: number, isUp: boolean, nowNs: number): void;
  valueAtRisk(value: number, shortfall: number, nowNs: number): void;
  setLimit(limit: number, scope: number, index: number, value: number, nowNs: number): void;
  adopt(data: Float64Array, offset: number): void;
  parameter(data: Float64Array, offset: number): string;
  start(nowNs: number): void;
  stop(nowNs: number): void;
  pause(nowNs: number): void;
  resume(nowNs: number): void;
  restart(epoch: number, nowNs: number): void;
  drift(market: number, ours: number, venues: number, nowNs: number): void;
  strategy(index: number, command: Command, nowNs: number): string;
  operate(command: Command, market: number, alert: number, nowNs: number): void;
}

/** @returns false when the kind is none of the engine's: nothing was done */
export function otherInput(engine: InputTaker, data: Float64Array, offset: number): boolean {
  const head = data[offset + HEAD] | 0;
  const kind = headKind(head);
  const nowNs = data[offset + LOCAL_NS];
  const market = head >>> 16;
  if (kind === InputKind.WAKE) engine.wake(nowNs);
  else if (kind === InputKind.FUNDING) engine.funding(market, data[offset + AUX], nowNs);
  else if (kind === InputKind.CONNECTION) engine.connection(market, data[offset + SIZE_LOTS] !== 0, nowNs);
  else if (kind === InputKind.VAR) engine.valueAtRisk(data[offset + PRICE_TICKS], data[offset + SIZE_LOTS], nowNs);
  else if (kind === InputKind.LIMIT) {
    const scope = data[offset + ORDER_ID];
    const index = scope & 0xffff;
    engine.setLimit(data[offset + SEQ], (scope - index) / 65_536, index, data[offset + PRICE_TICKS], nowNs);
  } else if (kind === InputKind.COMMAND) command(engine, data, offset);
  else if (kind === InputKind.ADOPT) engine.adopt(data, offset);
  else if (kind === InputKind.PARAMETER) engine.parameter(data, offset);
  else return false;
  return true;
}

function command(engine: InputTaker, data: Float64Array, offset: number): void {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what was written as a command
  const what = data[offset + SEQ] as Command;
  const nowNs = data[offset + LOCAL_NS];
  const number = data[offset + ORDER_ID];
  const head = (data[offset + HEAD] | 0) >>> 16;
  const market = head === ALL_MARKETS ? -1 : head;
  switch (what) {
    case Command.START:
      engine.start(nowNs);
      break;
    case Command.STOP:
      engine.stop(nowNs);
      break;
    case Command.PAUSE:
      engine.pause(nowNs);
      break;
    case Command.RESUME:
      engine.resume(nowNs);
      break;
    case Command.RESTART:
      engine.restart(number, nowNs);
      break;
    case Command.DRIFT:
      engine.drift(market, data[offset + PRICE_TICKS], data[offset + SIZE_LOTS], nowNs);
      break;
    case Command.START_STRATEGY:
    case Command.STOP_STRATEGY:
    case Command.PAUSE_STRATEGY:
      engine.strategy(number, what, nowNs);
      break;
    default:
      engine.operate(what, market, number, nowNs);
  }
}
