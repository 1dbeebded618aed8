/**
 * A dialog over the page: focus stays in it, Escape closes it. The backdrop is our own: radix's locks scrolling with a style element,
 * which the server's content policy forbids.
 */
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  /** What it is about, in a sentence or two. */
  readonly description: ReactNode;
  readonly children: ReactNode;
  readonly kind?: 'plain' | 'danger';
}

export function Dialog({ open, onClose, title, description, children, kind = 'plain' }: DialogProps) {
  return (
    <Radix.Root
      open={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Radix.Portal>
        <div className="backdrop">
          <Radix.Content className={`dialog dialog-${kind}`}>
            <Radix.Title className="dialog-title">{title}</Radix.Title>
            <Radix.Description asChild>
              <div className="dialog-text">{description}</div>
            </Radix.Description>
            {children}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
