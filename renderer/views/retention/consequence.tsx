import type { UseQueryResult } from '@tanstack/react-query';
import type { RetentionPreview, RetentionResult } from '../../../contract/snowflake.ts';
import { Confirm } from '../../components/confirm.tsx';
import { formatExact } from '../../format/numbers.ts';
import { useZone } from '../../shell/services.tsx';
import { previewWords, resultWords } from './retention-words.ts';

export interface ConsequenceProps {
  readonly stops: boolean; // from now on nothing is deleted any more
  readonly preview: UseQueryResult<RetentionPreview>;
  readonly result: RetentionResult | null;
}

/** What would happen, or what has just happened. */
export function Consequence({ stops, preview, result }: ConsequenceProps) {
  const tz = useZone();
  return (
    <output className="consequence num" aria-live="polite">
      {result === null ? null : <span className="good-text">{resultWords(result, tz)}</span>}
      {stops ? 'Nothing is deleted any more.' : null}
      {preview.data === undefined ? null : previewWords(preview.data, tz)}
      {preview.isFetching ? 'Counting…' : null}
      {preview.error === null ? null : <span className="bad-text">{preview.error.message}</span>}
    </output>
  );
}

export interface ConfirmDeleteProps {
  readonly preview: RetentionPreview;
  readonly keep: boolean; // the days become the lasting setting
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

export function ConfirmDelete({ preview, keep, onConfirm, onCancel }: ConfirmDeleteProps) {
  const tz = useZone();
  const nothing = preview.rows === 0;
  const verb = nothing ? 'Apply' : `Delete ${formatExact(preview.rows)} ${preview.rows === 1 ? 'call' : 'calls'}`;
  return (
    <Confirm
      title={nothing ? 'Delete old calls from now on?' : 'Delete old calls?'}
      confirm={verb}
      onConfirm={onConfirm}
      onCancel={onCancel}
    >
      <p className="num">{previewWords(preview, tz)}</p>
      {keep ? <p>From then on, calls older than {formatExact(preview.days)} days are deleted as they age.</p> : null}
      <p className="muted">
        {preview.target === 'local'
          ? 'They are gone from this computer. What Snowflake has stays there.'
          : 'They are gone for every gateway that uses these tables.'}
      </p>
    </Confirm>
  );
}
