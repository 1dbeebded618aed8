/** One of a few short words side by side: 1 m, 5 m, … all. */
import { ToggleGroup } from 'radix-ui';

interface RangePickerProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly ranges: readonly { readonly value: Value; readonly label: string; readonly title?: string }[];
  readonly onChange: (value: Value) => void;
}

export function RangePicker<Value extends string>({ label, value, ranges, onChange }: RangePickerProps<Value>) {
  return (
    <ToggleGroup.Root
      type="single"
      className="ranges"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const range = ranges.find((one) => one.value === next);
        if (range !== undefined) onChange(range.value);
      }}
    >
      {ranges.map((range) => (
        <ToggleGroup.Item key={range.value} value={range.value} className="range" title={range.title}>
          {range.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
