import { Check, CirclePlay, Minus, X } from 'lucide-react';
import type { SnowflakeSetup } from '../../../contract/snowflake.ts';
import { CodeSnippet } from '../../components/code-snippet.tsx';
import { statementLooks } from './setup-words.ts';

type Statement = SnowflakeSetup['statements'][number];

const shapes = { done: Check, present: Minus, would: CirclePlay, failed: X } as const satisfies Record<
  Statement['state'],
  unknown
>;

/** Each statement with its SQL to read and copy. */
export function StatementList({ statements }: { statements: readonly Statement[] }) {
  return (
    <ol className="statements">
      {statements.map((statement) => (
        <StatementItem key={statement.name} statement={statement} />
      ))}
    </ol>
  );
}

function StatementItem({ statement: { name, sql, state, detail } }: { statement: Statement }) {
  const { label, tone } = statementLooks[state];
  const Shape = shapes[state];
  return (
    <li data-statement={state}>
      <div className="row">
        <span className={`badge ${tone === 'running' ? 'accent' : tone}`}>
          <Shape size={12} strokeWidth={2.5} aria-hidden />
          {label}
        </span>
        <span className="statement-name">{name}</span>
      </div>
      {detail === '' ? null : <p className={state === 'failed' ? 'bad-text' : 'fine'}>{detail}</p>}
      <CodeSnippet code={sql} what={name} />
    </li>
  );
}
