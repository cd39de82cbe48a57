import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { IconButton } from '../components/button.tsx';
import { Segmented } from '../components/segmented.tsx';
import { useNow } from '../components/use-now.ts';
import { fleetKey } from '../query/use-question.ts';
import { useActions, useZone } from './services.tsx';
import { fleetWords } from './source-words.ts';
import { useFleet, useSource } from './use-source.ts';

const sources = [
  { value: 'duckdb', label: 'This gateway' },
  { value: 'snowflake', label: 'Snowflake fleet' },
] as const;

/** Which calls are shown: those of this gateway, or those every gateway of the team delivered to Snowflake. Nothing without Snowflake. */
export function SourceBar() {
  const { source, choice } = useSource();
  const { chooseSource } = useActions();
  if (!choice) return null;
  return (
    <div className="source-bar">
      <Segmented label="Calls of" value={source} options={sources} onChange={chooseSource} />
      {source === 'snowflake' ? <FleetNote /> : null}
    </div>
  );
}

function FleetNote() {
  const fleet = useFleet();
  const tz = useZone();
  const nowMs = useNow(60_000);
  const client = useQueryClient();
  const asking = useIsFetching({ queryKey: [fleetKey] }) > 0;
  const known = fleet.data === undefined ? null : fleetWords(fleet.data, nowMs, tz);
  return (
    <>
      <span className="fine num fleet-note" title={fleet.error?.message}>
        {fleet.error === null ? (known ?? 'asking Snowflake…') : 'Snowflake does not answer'}
      </span>
      <IconButton
        label="Ask Snowflake again"
        isDisabled={asking}
        onPress={() => void client.invalidateQueries({ queryKey: [fleetKey] })}
      >
        <RefreshCw size={14} className={asking ? 'turning' : ''} aria-hidden />
      </IconButton>
    </>
  );
}
