/** One of several, by the browser's own list: it is best on a phone and knows every key. */
import { useId } from 'react';

export interface Option {
  readonly value: string;
  readonly label: string;
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
  /** The label is there for screen readers only. */
  readonly isLabelHidden?: boolean;
  readonly id?: string;
  readonly isDisabled?: boolean;
}

export function Select({ label, value, options, onChange, isLabelHidden = false, id, isDisabled }: SelectProps) {
  const own = useId();
  return (
    <div className="field-inline">
      <label className={isLabelHidden ? 'unseen' : 'field-label'} htmlFor={id ?? own}>
        {label}
      </label>
      <select
        id={id ?? own}
        className="select"
        value={value}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
