import { Checkbox } from 'react-aria-components';
import { Check } from 'lucide-react';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { SettingsGroup } from '../setting.tsx';
import { accountInside } from './account-paste.ts';
import { useSnowflakeForm, useTextField } from './form-context.ts';

export function ConnectionFields() {
  return (
    <SettingsGroup title="Where the calls go" hint="Database and schema have to exist; the tables are set up in them.">
      <AccountField />
      <div className="field-row">
        <Field label="Warehouse" placeholder="e.g. AISM_WH" {...useTextField('warehouse')} />
        <Field
          label="Role"
          optional
          hint="Empty: the default role of the user."
          placeholder="e.g. AISM_WRITER"
          {...useTextField('role')}
        />
      </div>
      <div className="field-row">
        <Field label="Database" placeholder="e.g. AISM" {...useTextField('database')} />
        <Field label="Schema" placeholder="e.g. USAGE" {...useTextField('schema')} />
      </div>
      <SpecialNetworks />
    </SettingsGroup>
  );
}

function AccountField() {
  const account = useTextField('account');
  const found = accountInside(account.value);
  return (
    <div className="field-with-offer">
      <Field
        label="Account"
        placeholder="e.g. myorg-myaccount"
        hint="The account identifier, as in myorg-myaccount. Snowsight shows it under Account details."
        {...account}
      />
      {found === null ? null : (
        <p className="offer">
          <span>
            {found.words} <strong className="mono">{found.identifier}</strong>.
          </span>
          <Button size="small" onPress={() => account.onChange(found.identifier)}>
            Use it
          </Button>
        </p>
      )}
    </div>
  );
}

/** What few need: closed by default, open while something in it is set. */
function SpecialNetworks() {
  const { state, dispatch } = useSnowflakeForm();
  const { accessUrl, disableOcspChecks } = state.saved;
  return (
    <details className="more" open={accessUrl !== '' || disableOcspChecks}>
      <summary>Private link and closed networks</summary>
      <div className="more-body">
        <Field
          label="Access URL"
          optional
          placeholder="https://myorg-myaccount.privatelink.snowflakecomputing.com"
          hint="Empty: https://, the account, .snowflakecomputing.com."
          {...useTextField('accessUrl')}
        />
        <Checkbox
          className="checkbox"
          isSelected={state.draft.disableOcspChecks}
          onChange={(disabled) => dispatch({ kind: 'changed', change: { disableOcspChecks: disabled } })}
        >
          <span className="checkbox-box">
            <Check size={12} strokeWidth={3} aria-hidden />
          </span>
          <span>
            Do not check whether certificates were revoked
            <span className="fine block">
              Only where the network cannot reach the servers that know. Certificates themselves stay checked.
            </span>
          </span>
        </Checkbox>
      </div>
    </details>
  );
}
