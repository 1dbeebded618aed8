/** A table: numbers right, in tabular figures; rows may be chosen. */
import type { KeyboardEvent, ReactNode } from 'react';

export interface Column<Row> {
  readonly key: string;
  readonly header: ReactNode;
  readonly render: (row: Row, index: number) => ReactNode;
  /** Right-aligned tabular figures. */
  readonly isNumber?: boolean;
  /** Explains the heading. */
  readonly title?: string;
}

interface TableProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Shown when there are no rows. */
  readonly empty: ReactNode;
  /** What it is a table of, for those who do not see the heading above it. */
  readonly label?: string;
  readonly keyOf?: (row: Row, index: number) => string | number;
  readonly onSelect?: (row: Row) => void;
  readonly isSelected?: (row: Row) => boolean;
}

export function Table<Row>({ columns, rows, empty, label, keyOf, onSelect, isSelected }: TableProps<Row>) {
  if (rows.length === 0) return <>{empty}</>;
  return (
    // A scrolling region must be reachable by key.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div
      className="table-scroll"
      tabIndex={0}
      role="region"
      aria-label={label === undefined ? 'Table' : `${label}: table`}
    >
      <table className="table">
        {label !== undefined && <caption className="unseen">{label}</caption>}
        <thead>
          <tr>
            {columns.map(({ key, header, isNumber, title }) => (
              <th key={key} scope="col" className={isNumber === true ? 'number' : undefined} title={title}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf?.(row, index) ?? index} {...choosing(row, onSelect, isSelected)}>
              {columns.map(({ key, render, isNumber }) => (
                <td key={key} className={isNumber === true ? 'number' : undefined}>
                  {render(row, index)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function choosing<Row>(row: Row, onSelect?: (row: Row) => void, isSelected?: (row: Row) => boolean) {
  if (onSelect === undefined) return {};
  return {
    className: 'choosable',
    tabIndex: 0,
    'aria-selected': isSelected?.(row) ?? false,
    onClick: () => onSelect(row),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      onSelect(row);
    },
  };
}
