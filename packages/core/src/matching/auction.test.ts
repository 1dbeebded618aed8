/** Auctions and halts: the price at which a crossed book clears, and who trades. */
import { describe, expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import { MarketState } from './codes.ts';
import { Desk } from './testing/desk.ts';

const { AUCTION, HALTED, TRADING } = MarketState;

/** A desk in auction, with orders `lots@price`, and a last trade if one is given. */
function auction(bids: string, asks: string, lastTicks?: number): Desk {
  const desk = new Desk();
  if (lastTicks !== undefined) {
    desk.sell(900, 1, lastTicks);
    desk.buy(901, 1, lastTicks);
  }
  desk.in(AUCTION);
  let ref = 1;
  const enter = (text: string, side: Side): void => {
    for (const order of text.split(' ').filter((part) => part !== '')) {
      const [lots = 0, price = 0] = order.split('@').map(Number);
      if (side === Side.BUY) desk.buy(ref++, lots, price);
      else desk.sell(ref++, lots, price);
    }
  };
  enter(bids, Side.BUY);
  enter(asks, Side.SELL);
  desk.said();
  return desk;
}

describe('the clearing price', () => {
  test('does not exist while the book is not crossed, or has one side', () => {
    expect(auction('5@10', '5@11').engine.auctionPrice()).toBeNaN();
    expect(auction('5@10', '').engine.auctionPrice()).toBeNaN();
    expect(auction('', '').engine.auctionPrice()).toBeNaN();
  });

  test('trades most', () => {
    // At 10: 3 of 8 and 3; at 11: 8 of 8 and 9; at 12: 2 of 2 and 9.
    expect(auction('2@12 6@11', '3@10 6@11').engine.auctionPrice()).toBe(11);
  });

  test('among equal volumes leaves the smaller surplus', () => {
    // 5 trade at each of 10, 11 and 12; demand is 9 at 10, 7 at 11, 5 at 12.
    expect(auction('5@12 2@11 2@10', '5@10', 10).engine.auctionPrice()).toBe(12);
    expect(auction('5@12', '5@10 2@11 2@12', 12).engine.auctionPrice()).toBe(10);
  });

  test('among equal surpluses is the one nearest to the last trade', () => {
    expect(auction('5@20', '5@10', 19).engine.auctionPrice()).toBe(20);
    expect(auction('5@20', '5@10', 11).engine.auctionPrice()).toBe(10);
    expect(auction('5@20', '5@10', 1000).engine.auctionPrice()).toBe(20);
  });

  test('among equally near ones is the lowest; without a last trade the middle stands for it', () => {
    expect(auction('5@20', '5@10', 15).engine.auctionPrice()).toBe(10);
    expect(auction('5@20', '5@10').engine.auctionPrice()).toBe(10);
    expect(auction('5@21 5@14', '5@7 5@14').engine.auctionPrice()).toBe(14);
  });

  test('counts the hidden lots of icebergs', () => {
    const desk = auction('2@12', '9@10');
    desk.buy(50, 7, 11, { displayLots: 1 });
    expect(desk.engine.auctionPrice()).toBe(11);
  });
});

describe('an auction', () => {
  test('collects orders that cross and trades none', () => {
    const desk = auction('5@12', '5@10');
    expect([desk.shown(Side.BUY), desk.shown(Side.SELL)]).toEqual(['5@12', '5@10']);
  });

  test('ends at one price, best prices first and the oldest first, the buyer as the taker', () => {
    const desk = auction('3@11 2@12 4@11', '4@10 1@9 9@11');
    desk.in(TRADING);
    expect(desk.said()).toEqual(['TRADED 2x5 1@11 gone', 'TRADED 2x4 1@11', 'TRADED 1x4 3@11 gone', 'TRADED 3x6 4@11']);
    expect([desk.shown(Side.BUY), desk.shown(Side.SELL), desk.engine.lastTradeTicks]).toEqual(['', '5@11', 11]);
  });

  test('shows the slices of icebergs in turn', () => {
    const desk = auction('6@10', '');
    desk.sell(50, 4, 10, { displayLots: 2 });
    desk.sell(51, 1, 10);
    desk.in(TRADING);
    expect(desk.trades()).toEqual(['1x50 2@10', '1x51 1@10 gone', '1x50 2@10 gone']);
  });

  test('that was not crossed ends without a trade', () => {
    const desk = auction('5@10', '5@11').in(TRADING);
    expect([desk.said(), desk.engine.lastTradeTicks]).toEqual([[], Number.NaN]);
  });
});

describe('a halt', () => {
  test('takes no new order', () => {
    const desk = new Desk().in(HALTED);
    expect(desk.buy(1, 1, 10)).toBe(0);
    expect(desk.said()).toEqual(['REJECTED 1 1@10 HALTED']);
  });

  test('after an auction ends with the uncrossing of what was left crossed', () => {
    const desk = auction('5@12', '5@12').in(HALTED).in(TRADING);
    expect(desk.trades()).toEqual(['1x2 5@12 gone']);
  });
});
