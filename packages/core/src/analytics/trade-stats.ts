/** Wins and losses of round trips, in constant memory. */

export class TradeStats {
  count = 0;
  wins = 0;
  losses = 0;
  /** Sums; `lost` is negative. */
  won = 0;
  lost = 0;
  /** 0 before the first win or loss; `largestLoss` is negative. */
  largestWin = 0;
  largestLoss = 0;

  /** P&L of a finished trade; one of exactly 0 is neither a win nor a loss. */
  add(pnl: number): void {
    this.count++;
    if (pnl > 0) {
      this.wins++;
      this.won += pnl;
      if (pnl > this.largestWin) this.largestWin = pnl;
    } else if (pnl < 0) {
      this.losses++;
      this.lost += pnl;
      if (pnl < this.largestLoss) this.largestLoss = pnl;
    }
  }

  /** Adds what another has counted. */
  merge(other: TradeStats): void {
    this.count += other.count;
    this.wins += other.wins;
    this.losses += other.losses;
    this.won += other.won;
    this.lost += other.lost;
    this.largestWin = Math.max(this.largestWin, other.largestWin);
    this.largestLoss = Math.min(this.largestLoss, other.largestLoss);
  }

  // NaN where there is nothing to divide by.

  get winRate(): number {
    return this.wins / this.count;
  }

  get averageWin(): number {
    return this.won / this.wins;
  }

  get averageLoss(): number {
    return this.lost / this.losses;
  }

  get profitFactor(): number {
    return this.losses === 0 ? Number.NaN : this.won / -this.lost;
  }

  get expectancy(): number {
    return (this.won + this.lost) / this.count;
  }
}
