import { Label, Slider, SliderOutput, SliderThumb, SliderTrack, Switch } from 'react-aria-components';
import { creditsPerDay } from '../../../../contract/snowflake.ts';
import { Field } from '../../../components/field.tsx';
import { creditsFootnote, creditsWords } from '../../snowflake/credits.ts';
import { Setting, SettingsGroup } from '../setting.tsx';
import { useSnowflakeForm, useTextField } from './form-context.ts';

export function DeliveryFields() {
  const { state, dispatch } = useSnowflakeForm();
  const { enabled } = state.draft;
  return (
    <SettingsGroup title="Delivery" hint="A batch leaves when it is full or old enough, whichever comes first.">
      <Setting name="Deliver to Snowflake" hint="Off: calls stay in the journal until it is on again.">
        <Switch
          className="switch"
          aria-label="Deliver to Snowflake"
          isSelected={enabled}
          onChange={(on) => dispatch({ kind: 'changed', change: { enabled: on } })}
        >
          <span className="switch-track" />
        </Switch>
      </Setting>
      <IntervalSlider />
      <div className="field-row narrow-field">
        <Field
          label="Largest batch"
          digits
          unit="calls"
          hint="100 to 16,000. A batch also leaves at 8 MB."
          {...useTextField('maxRows')}
        />
      </div>
    </SettingsGroup>
  );
}

function IntervalSlider() {
  const { state, dispatch } = useSnowflakeForm();
  const { intervalMinutes } = state.draft;
  return (
    <Slider
      className="slider"
      value={intervalMinutes}
      minValue={1}
      maxValue={60}
      onChange={(minutes) => dispatch({ kind: 'changed', change: { intervalMinutes: minutes } })}
    >
      <div className="row">
        <Label>At the latest every</Label>
        <SliderOutput className="num slider-value">
          {intervalMinutes} {intervalMinutes === 1 ? 'minute' : 'minutes'}
        </SliderOutput>
        <span className="spacer" />
        <span className="num muted">{creditsWords(creditsPerDay(intervalMinutes))}</span>
      </div>
      <SliderTrack className="slider-track">
        <SliderThumb className="slider-thumb" />
      </SliderTrack>
      <p className="fine">{creditsFootnote}</p>
    </Slider>
  );
}
