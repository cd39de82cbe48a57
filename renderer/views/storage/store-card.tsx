import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Panel, type PanelProps } from '../../components/panel.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import type { HealthLook } from '../../format/health.ts';
import type { StoreFact } from './storage-facts.ts';

/** A card of a store: a panel that is never empty, because a store always says something. */
export type StoreCardProps<T> = Omit<PanelProps<T>, 'isEmpty' | 'empty' | 'className'>;

export function StoreCard<T>(props: StoreCardProps<T>) {
  return <Panel {...props} className="store-card" isEmpty={() => false} empty={null} />;
}

export interface StoreStateProps {
  readonly look: HealthLook;
  readonly detail: string;
  readonly action?: string | null; // the one thing a person should do
  readonly error?: string | null;
}

/** How the store fares: badge, sentence, and where somebody has to act, what to do. */
export function StoreState({ look, detail, action = null, error = null }: StoreStateProps) {
  return (
    <div className="store-state">
      <StateBadge look={look} />
      <p>{detail}</p>
      {error === null || error === detail ? null : <p className="fine">Last error: {error}</p>}
      {action === null ? null : (
        <p className="callout warn">
          <TriangleAlert size={14} aria-hidden />
          <span>{action}</span>
        </p>
      )}
    </div>
  );
}

export interface StoreFactsProps {
  readonly facts: readonly StoreFact[];
  readonly inLine?: boolean; // beside each other instead of below
}

export function StoreFacts({ facts, inLine = false }: StoreFactsProps) {
  return (
    <dl className={inLine ? 'store-facts in-line' : 'store-facts'}>
      {facts.map(({ name, value, title, tone }) => (
        <div key={name} title={title}>
          <dt>{name}</dt>
          <dd className={tone === undefined ? 'num' : `num ${tone}-text`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function StoreActions({ children }: { children: ReactNode }) {
  return <footer className="store-actions">{children}</footer>;
}
