import type { ReactElement } from 'react';
import { Tooltip, TooltipTrigger } from 'react-aria-components';

export interface HintProps {
  readonly text: string;
  readonly children: ReactElement;
  readonly placement?: 'top' | 'bottom' | 'left' | 'right';
}

/** A tooltip for a focusable child; also reachable by keyboard focus. */
export function Hint({ text, children, placement = 'bottom' }: HintProps) {
  return (
    <TooltipTrigger delay={350} closeDelay={80}>
      {children}
      <Tooltip className="hint" placement={placement} offset={6}>
        {text}
      </Tooltip>
    </TooltipTrigger>
  );
}
