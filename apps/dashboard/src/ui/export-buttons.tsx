/** PNG and CSV of the chart beside them. */
import { Button } from './button.tsx';

interface ExportButtonsProps {
  /** Of the chart, for the buttons' names. */
  readonly name: string;
  readonly onPng?: () => void;
  readonly onCsv?: () => void;
}

export function ExportButtons({ name, onPng, onCsv }: ExportButtonsProps) {
  return (
    <span className="exports">
      {onPng !== undefined && (
        <Button kind="quiet" isSmall aria-label={`Save ${name} as PNG`} onClick={onPng}>
          PNG
        </Button>
      )}
      {onCsv !== undefined && (
        <Button kind="quiet" isSmall aria-label={`Save ${name} as CSV`} onClick={onCsv}>
          CSV
        </Button>
      )}
    </span>
  );
}
