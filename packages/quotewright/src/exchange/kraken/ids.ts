/** Kraken's ids of orders (`OQCLML-BW3P3-BUCMWZ`) and trades (`TPLJ6A-…`), made of the exchange's numbers, and read again. */

const LENGTH = 16;
const SHAPE = /^([OT])([0-9A-Z]{5})-([0-9A-Z]{5})-([0-9A-Z]{6})$/u;

export function orderText(number: number): string {
  return idText('O', number);
}

export function tradeText(number: number): string {
  return idText('T', number);
}

/** The number of an order; 0 when the text is none of ours. */
export function orderNumber(text: string): number {
  return numberOf('O', text);
}

export function tradeNumber(text: string): number {
  return numberOf('T', text);
}

function idText(letter: string, number: number): string {
  const text = number.toString(36).toUpperCase().padStart(LENGTH, '0');
  return `${letter}${text.slice(0, 5)}-${text.slice(5, 10)}-${text.slice(10)}`;
}

function numberOf(letter: string, text: string): number {
  const [, first, ...parts] = SHAPE.exec(text) ?? [];
  const number = first === letter ? Number.parseInt(parts.join(''), 36) : 0;
  return Number.isSafeInteger(number) ? number : 0;
}
