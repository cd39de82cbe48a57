import { PanelError, Skeleton } from '../../../components/panel.tsx';
import { useAsk } from '../../../query/use-question.ts';
import { ReadOnlySnowflake } from './read-only.tsx';
import { SnowflakeFormPage } from './snowflake-form.tsx';

export function SnowflakeSettingsPage() {
  const snowflake = useAsk('snowflakeState', undefined);
  const host = useAsk('hostInfo', undefined);
  if (snowflake.data === undefined || host.data === undefined) {
    const error = snowflake.error ?? host.error;
    return error === null ? (
      <Skeleton />
    ) : (
      <PanelError error={error} where="Snowflake settings" retry={() => void snowflake.refetch()} />
    );
  }
  return snowflake.data.editable && host.data.kind === 'electron' ? (
    <SnowflakeFormPage snowflake={snowflake.data} />
  ) : (
    <ReadOnlySnowflake snowflake={snowflake.data} />
  );
}
