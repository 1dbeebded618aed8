/** A word that is explained on hover, on focus and on touch: a button, so that every way of pointing reaches it. */
import { Tooltip } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import './figures.css';

interface ExplainProps {
  /** One or two sentences. */
  readonly text: string;
  readonly children: ReactNode;
}

export function Explain({ text, children }: ExplainProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Tooltip.Provider delayDuration={200}>
      <Tooltip.Root open={isOpen} onOpenChange={setIsOpen}>
        <Tooltip.Trigger
          className="explain"
          // The primitive closes on a press; a press is how a finger asks.
          onPointerDown={(event) => event.preventDefault()}
          onClick={(event) => {
            event.preventDefault();
            setIsOpen(true);
          }}
        >
          {children}
        </Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content className="explanation" side="top" align="start" sideOffset={6} collisionPadding={12}>
            {text}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
