/** The laws that a ledger's entries obey at every event. */
import { WIDE_WORDS, addWide, isExactWide, subtractWide, wideToBigInt } from '../base/wide.ts';
import { ACCOUNT_STRIDE, Account, type Books, Work, equityFromCash, equityFromProfit } from './ledger-account.ts';
import { decimalText } from './money-text.ts';

const WIDE_ENTRIES = ['FLOW', 'BASIS', 'REALISED', 'FEES', 'FUNDING', 'TURNOVER'] as const;
const { GAIN, TOTAL } = Work;

/** What is off in the books, in words; empty when all is right. */
export function checkLedger(books: Books): string {
  const { plan, accounts, cash, work } = books;
  for (let account = 0, i = 0; account < accounts.length; account += ACCOUNT_STRIDE, i++) {
    const position = accounts[account + Account.POSITION];
    for (const name of WIDE_ENTRIES) {
      if (!isExactWide(accounts, account + Account[name])) return `instrument ${i}: ${name} has left the exact range`;
    }
    // Flow + basis = realised: what was paid is either the cost of what is held or gained.
    work[TOTAL] = accounts[account + Account.FLOW];
    work[TOTAL + 1] = accounts[account + Account.FLOW + 1];
    addWide(work, TOTAL, accounts, account + Account.BASIS);
    subtractWide(work, TOTAL, accounts, account + Account.REALISED);
    if (work[TOTAL] !== 0 || work[TOTAL + 1] !== 0) {
      return `instrument ${i}: flow + basis − realised is ${wideToBigInt(work, TOTAL)} units, not 0`;
    }
    if (position === 0 && (accounts[account + Account.BASIS] !== 0 || accounts[account + Account.BASIS + 1] !== 0)) {
      return `instrument ${i}: flat, with a cost of ${wideToBigInt(accounts, account + Account.BASIS)} units`;
    }
  }
  for (let currency = 0; currency < plan.currencies.length; currency++) {
    if (!isExactWide(cash, currency * WIDE_WORDS))
      return `cash of ${plan.currencies[currency]} has left the exact range`;
    equityFromCash(books, currency, TOTAL);
    equityFromProfit(books, currency, GAIN);
    if (work[TOTAL] !== work[GAIN] || work[TOTAL + 1] !== work[GAIN + 1]) {
      const decimals = plan.decimals[currency];
      const byCash = decimalText(wideToBigInt(work, TOTAL), decimals);
      const byProfit = decimalText(wideToBigInt(work, GAIN), decimals);
      return `equity in ${plan.currencies[currency]} is ${byCash} by cash, ${byProfit} by profit`;
    }
  }
  return '';
}
