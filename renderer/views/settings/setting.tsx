import type { ReactNode } from 'react';

/** One adjustable thing: its name, what it does, and the control on the right. */
export function Setting({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <div className="setting">
      <div>
        <div>{name}</div>
        {hint === undefined ? null : <div className="fine">{hint}</div>}
      </div>
      {children}
    </div>
  );
}

/** A fact to read or copy. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="fact">
      <span className="muted">{name}</span>
      <span className="mono">{children}</span>
    </div>
  );
}

export interface SettingsGroupProps {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
}

export function SettingsGroup({ title, hint, children }: SettingsGroupProps) {
  return (
    <section className="settings-group" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {hint === undefined ? null : <p className="fine">{hint}</p>}
      </header>
      {children}
    </section>
  );
}
