/** Values a filter may be given, out of what the period holds. Typed text is accepted besides. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { assertNever } from '../../../contract/errors.ts';
import { Outcome, Provider, Surface } from '../../../contract/usage-record.ts';
import type { TailRow } from '../../live/tail.ts';
import { useQuestion } from '../../query/use-question.ts';
import { chipWords, type FilterField } from '../../requests/request-filter.ts';
import { useRequestRange } from './use-requests.ts';

export interface OfferedValue {
  readonly value: string;
  readonly label: string;
}

export interface Offered {
  readonly values: readonly OfferedValue[];
  readonly asking: boolean;
}

const offerLimit = 200;

export interface OfferedValuesProps {
  readonly field: FilterField;
  readonly rows: readonly TailRow[];
  readonly children: (offered: Offered) => ReactNode;
}

/** Only the question of the open field is asked. */
export function OfferedValues({ field, rows, children }: OfferedValuesProps) {
  switch (field) {
    case 'provider':
      return children(fixed(field, Provider.options));
    case 'surface':
      return children(fixed(field, Surface.options));
    case 'outcome':
      return children(fixed(field, Outcome.options));
    case 'tag':
      return children(tagsSeen(rows));
    case 'model':
      return <SeenModels>{children}</SeenModels>;
    case 'upstream':
    case 'endpoint':
      return <SeenRoutes field={field}>{children}</SeenRoutes>;
    case 'user':
    case 'session':
    case 'key':
      return <SeenPrincipals field={field}>{children}</SeenPrincipals>;
    default:
      return assertNever(field);
  }
}

function fixed(field: FilterField, options: readonly string[]): Offered {
  return { values: offered(field, options), asking: false };
}

function offered(field: FilterField, values: readonly (string | null)[]): readonly OfferedValue[] {
  const known = values.filter((value): value is string => value !== null && value !== '');
  return [...new Set(known)].map((value) => ({ value, label: chipWords({ field, value }) }));
}

type Shown = Pick<OfferedValuesProps, 'children'>;

function SeenModels({ children }: Shown) {
  const query = useQuestion('panels', 'models', { ...useRequestRange(), limit: offerLimit });
  return children(answered(query, 'model', ({ models }) => models.map(({ model }) => model)));
}

function SeenRoutes({ field, children }: Shown & { field: 'upstream' | 'endpoint' }) {
  const query = useQuestion('panels', 'endpoints', { ...useRequestRange(), limit: offerLimit });
  return children(answered(query, field, ({ endpoints }) => endpoints.map((row) => row[field])));
}

const principalQuestions = { user: 'users', session: 'sessions', key: 'keys' } as const;
type Principals = (typeof principalQuestions)[keyof typeof principalQuestions];

function SeenPrincipals({ field, children }: Shown & { field: keyof typeof principalQuestions }) {
  const input = { ...useRequestRange(), limit: offerLimit };
  const query = useQuestion<Principals>('panels', principalQuestions[field], input);
  return children(answered(query, field, (answer) => principalsOf(answer).map(({ id }) => id)));
}

type PrincipalAnswer = Partial<Record<Principals, readonly { readonly id: string | null }[]>>;

function principalsOf({ users, sessions, keys }: PrincipalAnswer): readonly { readonly id: string | null }[] {
  return users ?? sessions ?? keys ?? [];
}

function answered<T>(
  { data, isFetching }: UseQueryResult<T>,
  field: FilterField,
  values: (answer: T) => readonly (string | null)[],
): Offered {
  return { values: data === undefined ? [] : offered(field, values(data)), asking: data === undefined && isFetching };
}

/** No question lists tags, so those of the loaded rows are offered. */
function tagsSeen(rows: readonly TailRow[]): Offered {
  const tags = rows.flatMap(({ call }) => Object.entries(call.tags).map(([name, value]) => `${name}=${value}`));
  return { values: offered('tag', tags).toSorted((a, b) => a.label.localeCompare(b.label)), asking: false };
}
