import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { Hint } from './hint.tsx';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  readonly look?: 'plain' | 'primary' | 'quiet' | 'danger';
  readonly size?: 'normal' | 'small';
  readonly children: ReactNode;
}

export function Button({ look = 'plain', size = 'normal', children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={`button ${look} ${size}`}>
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  readonly label: string;
  readonly shortcut?: string;
  readonly children: ReactNode;
}

/** An icon alone always has a name for screen readers and a tooltip for everyone else. */
export function IconButton({ label, shortcut, children, ...rest }: IconButtonProps) {
  return (
    <Hint text={shortcut === undefined ? label : `${label} · ${shortcut}`}>
      <AriaButton {...rest} aria-label={label} className="icon-button">
        {children}
      </AriaButton>
    </Hint>
  );
}
