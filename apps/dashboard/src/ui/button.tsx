/** A button. `danger` acts on the market; `quiet` has no box. */
import type { ButtonHTMLAttributes } from 'react';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly isSmall?: boolean;
  /** On or off, for buttons that stay pressed. */
  readonly isPressed?: boolean;
}

export function Button({
  kind = 'plain',
  isSmall = false,
  isPressed,
  className = '',
  type = 'button',
  ...rest
}: ButtonProps) {
  const classes = `button button-${kind} ${isSmall ? 'button-small' : ''} ${className}`;
  return <button type={type} className={classes} aria-pressed={isPressed} {...rest} />;
}
