/**
 * Watches the value at risk of a session: samples mids at an interval of market time, asks the worker at another, and feeds what it says
 * to the engine, as an input like any other: journalled, and the same in a replay, where nobody asks anything. Driven by who runs the
 * session, between two slices of it; nothing of it is on the path of an order.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import { type Held, PositionValues } from './position-values.ts';
import { type VarResult, VarService } from './var-service.ts';
import { type SessionVarSettings, estimateSettings } from './var-settings.ts';

export type Watched = Held & Pick<Engine, 'nowNs' | 'risk' | 'valueAtRisk'>;

export class VarMonitor {
  /** The last answer; undefined before the first. */
  latest: VarResult | undefined;
  /** Figures that went to the engine. */
  figures = 0;
  /** Times that there was none: too few returns, a position without a price or a rate. */
  gaps = 0;
  readonly #settings: SessionVarSettings;
  readonly #engine: Watched;
  readonly #positions: PositionValues;
  readonly #service: VarService;
  #nextSampleNs = Number.NEGATIVE_INFINITY;
  #nextAskNs = Number.NEGATIVE_INFINITY;
  /** Number of the request that has not been answered yet; 0 = none. */
  #asked = 0;

  /** Figures are in the currency of the engine's risk. @throws RangeError that names the setting */
  constructor(engine: Watched, settings: SessionVarSettings) {
    const { window, minReturns } = settings;
    const { currency = engine.instruments[0]!.settlement, rates = {} } = engine.risk?.settings.gate ?? {};
    this.#settings = settings;
    this.#engine = engine;
    this.#positions = new PositionValues(engine, currency, rates);
    this.#service = new VarService({
      settings: estimateSettings(settings),
      assets: engine.instruments.length,
      window,
      minReturns,
    });
  }

  /** When something is due next: who runs a recording has to stop there and call `at`. */
  get nextNs(): number {
    return Math.min(this.#nextSampleNs, this.#nextAskNs);
  }

  /** Does what is due at a market time and waits for the answer. @returns true when the engine was told something */
  async at(nowNs: number): Promise<boolean> {
    const service = this.#service;
    if (service.failure !== '') return false;
    try {
      // A run is faster than the clock: without this, samples would be lost as luck has it.
      if (service.isBehind) await service.catchUp();
      if (!this.#ask(nowNs)) return false;
      const answer = await service.answer(this.#asked);
      // A session that trades has gone on meanwhile, and its inputs are in the order of their times.
      return this.#tell(answer, Math.max(nowNs, this.#engine.nowNs));
    } catch (error) {
      // The thread has died: who drives this looks at `failure`, and the session goes on without figures.
      if (this.failure === '') throw error;
      return false;
    }
  }

  /** Why there will be no more figures; empty while all is well. */
  get failure(): string {
    return this.#service.failure;
  }

  close(): Promise<void> {
    return this.#service.close();
  }

  /** Samples and asks, if it is time. @returns true when it has asked */
  #ask(nowNs: number): boolean {
    const { sampleNs, everyNs } = this.#settings;
    const isSample = nowNs >= this.#nextSampleNs;
    const isAsk = nowNs >= this.#nextAskNs && this.#asked === 0;
    if (!isSample && !isAsk) return false;
    const isWhole = this.#positions.update();
    // Before every instrument has had a price there is nothing to compare.
    if (isSample && isWhole) this.#service.sample(this.#positions.mids);
    if (isSample) this.#nextSampleNs = nextOf(nowNs, sampleNs);
    if (!isAsk) return false;
    this.#nextAskNs = nextOf(nowNs, everyNs);
    const { values } = this.#positions;
    if (values.some((value) => value !== value)) {
      this.gaps++;
      return false;
    }
    this.#asked = this.#service.request(values);
    return this.#asked > 0;
  }

  #tell(answer: VarResult, nowNs: number): boolean {
    this.#asked = 0;
    this.latest = answer;
    const { valueAtRisk, shortfall } = answer.levels[0]!;
    if (answer.reason !== '') {
      this.gaps++;
      return false;
    }
    this.figures++;
    this.#engine.valueAtRisk(valueAtRisk, shortfall, nowNs);
    return true;
  }
}

/** The next whole multiple of an interval after a time: samples lie on a grid, whenever the session began. */
function nextOf(nowNs: number, intervalNs: number): number {
  return (Math.floor(nowNs / intervalNs) + 1) * intervalNs;
}
