/** A table without lines. */
import CliTable from 'cli-table3';
import pc from 'picocolors';

export type Align = 'left' | 'right';

const LINES = ['top', 'bottom', 'left', 'right', 'middle'];
const JOINTS = ['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'];
const MIDDLES = ['left-mid', 'mid', 'mid-mid', 'right-mid'];

export function plainTable(head: string[], colAligns: Align[]): CliTable.Table {
  return new CliTable({
    head: head.map((name) => pc.dim(name)),
    colAligns,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: Object.fromEntries([...LINES, ...JOINTS, ...MIDDLES].map((name) => [name, ''])),
  });
}
