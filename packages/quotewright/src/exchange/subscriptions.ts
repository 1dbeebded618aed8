/** The channels that one connection has subscribed to, and the markets in each, by index. A channel may be of no market. */
export class Subscriptions {
  readonly #markets = new Map<string, Set<number>>();

  get areNone(): boolean {
    return this.#markets.size === 0;
  }

  /** Whether there is a subscription to a channel, and there to a market. */
  has(channel: string, market?: number): boolean {
    const markets = this.#markets.get(channel);
    return markets !== undefined && (market === undefined || markets.has(market));
  }

  /** Of a channel; undefined when it is not subscribed to. */
  markets(channel: string): ReadonlySet<number> | undefined {
    return this.#markets.get(channel);
  }

  /** @returns the markets that are new */
  add(channel: string, markets: readonly number[]): number[] {
    const all = this.#markets.get(channel) ?? new Set();
    this.#markets.set(channel, all);
    const fresh = markets.filter((market) => !all.has(market));
    for (const market of fresh) all.add(market);
    return fresh;
  }

  /** @param markets none: the whole channel */
  remove(channel: string, markets: readonly number[]): void {
    const all = this.#markets.get(channel);
    for (const market of markets) all?.delete(market);
    if (markets.length === 0 || all?.size === 0) this.#markets.delete(channel);
  }

  /** Channel by channel, in the order in which they were subscribed to. */
  list<T>(render: (channel: string, markets: readonly number[]) => T): T[] {
    return Array.from(this.#markets, ([channel, markets]) => render(channel, [...markets]));
  }
}
