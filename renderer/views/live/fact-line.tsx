import type { ReactNode } from 'react';

export interface FactLineProps {
  readonly name: string;
  readonly part?: boolean; // of the fact above it
  readonly strong?: boolean;
  readonly detail?: string; // beside the name, for example how a cost was multiplied
  readonly children: ReactNode;
}

export function FactLine({ name, part = false, strong = false, detail, children }: FactLineProps) {
  return (
    <div className={`fact-line${part ? ' part' : ''}${strong ? ' strong' : ''}`}>
      <span className="muted">
        {name}
        {detail === undefined ? null : <span className="fine num fact-detail">{detail}</span>}
      </span>
      <span className="num fact-value">{children}</span>
    </div>
  );
}
