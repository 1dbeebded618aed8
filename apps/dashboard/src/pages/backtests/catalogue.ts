/** The strategies that a backtest can be of, as the server lists them. */
import type { ParameterSpec } from 'quotewright/server/protocol/trading';

export interface CatalogueStrategy {
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly ParameterSpec[];
}
