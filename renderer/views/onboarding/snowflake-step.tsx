import { Button } from '../../components/button.tsx';
import { useAsk } from '../../query/use-question.ts';
import { useActions } from '../../shell/services.tsx';
import { Step } from './step.tsx';

export interface SnowflakeStepProps {
  readonly onBack: () => void;
  readonly onFinish: () => void;
}

export function SnowflakeStep({ onBack, onFinish }: SnowflakeStepProps) {
  const { go } = useActions();
  const { data } = useAsk('snowflakeState', undefined);
  const configured = data !== undefined && data.settings !== null;
  const openSettings = (): void => {
    onFinish();
    go('settings', 'snowflake');
  };
  return (
    <Step
      id="snowflake"
      title={configured ? 'Snowflake is set up' : 'Snowflake, if your team uses it'}
      foot={
        <>
          <Button onPress={onBack}>Back</Button>
          <span className="spacer" />
          <Button onPress={openSettings}>{configured ? 'Snowflake settings' : 'Set up Snowflake'}</Button>
          <Button look="primary" onPress={onFinish}>
            Open the dashboard
          </Button>
        </>
      }
    >
      <p>
        {configured
          ? 'Calls of this machine are delivered to your own Snowflake account.'
          : 'Everything works without it: calls are kept on this machine. With it, each call is also delivered exactly once to your own Snowflake account, where the calls of a whole team come together.'}
      </p>
      {configured ? null : <p className="fine">It can be set up at any time under Settings, Snowflake.</p>}
    </Step>
  );
}
