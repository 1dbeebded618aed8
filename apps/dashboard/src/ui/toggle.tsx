/** On or off, at once. */
import { Switch } from 'radix-ui';
import { useId } from 'react';

interface ToggleProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
}

export function Toggle({ label, isOn, onChange, isDisabled = false }: ToggleProps) {
  const id = useId();
  return (
    <div className="field-inline">
      <Switch.Root id={id} className="switch" checked={isOn} onCheckedChange={onChange} disabled={isDisabled}>
        <Switch.Thumb className="switch-thumb" />
      </Switch.Root>
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
    </div>
  );
}
