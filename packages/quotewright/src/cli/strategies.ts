/** `quotewright strategies`: the built-in strategies and their parameters. */
import { Command } from '@commander-js/extra-typings';
import { STRATEGIES } from '@quotewright/core/strategies/registry';
import type { ParamSpec } from '@quotewright/core/strategies/strategy';
import pc from 'picocolors';
import { loadStrategy } from '../backtest/load-strategy.ts';

const WIDTH = 80;

export function strategiesCommand() {
  return new Command('strategies')
    .description('the built-in strategies, or the parameters of one')
    .exitOverride()
    .argument('[strategy]', 'a name, or the path of a file')
    .action(async (name) => {
      const lines =
        name === undefined
          ? STRATEGIES.map((each) => `${pc.bold(each.name.padEnd(20))} ${each.description}`)
          : describe(await loadStrategy(name));
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}

function describe(strategy: Awaited<ReturnType<typeof loadStrategy>>): string[] {
  const lines = [`${pc.bold(strategy.name)}: ${strategy.description}`];
  for (const [name, spec] of Object.entries(strategy.params)) {
    lines.push(
      '',
      `  ${pc.bold(name)} ${rangeOf(spec)}`,
      ...wrap(spec.description, WIDTH - 4).map((line) => `    ${line}`),
    );
  }
  return lines;
}

function rangeOf(spec: ParamSpec): string {
  const unit = 'unit' in spec && spec.unit !== undefined ? ` ${spec.unit}` : '';
  const from = 'min' in spec && spec.min !== undefined ? `, from ${spec.min}` : '';
  const to = 'max' in spec && spec.max !== undefined ? ` to ${spec.max}` : '';
  const choices = spec.type === 'choice' ? `, one of ${spec.choices.join(', ')}` : '';
  return pc.dim(`= ${String(spec.default)}${unit}${from}${to}${choices}`);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}
