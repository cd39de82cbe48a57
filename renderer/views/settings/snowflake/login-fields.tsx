import { TriangleAlert } from 'lucide-react';
import { Radio, RadioGroup } from 'react-aria-components';
import { Authenticator } from '../../../../contract/snowflake.ts';
import { Field } from '../../../components/field.tsx';
import { SettingsGroup } from '../setting.tsx';
import { authenticatorEntries, authenticatorEntry } from './authenticators.ts';
import { useSnowflakeForm, useTextField } from './form-context.ts';
import { PrivateKeyField } from './private-key-field.tsx';
import { SecretField } from './secret-field.tsx';

export function LoginFields() {
  const { authenticator } = useSnowflakeForm().state.draft;
  return (
    <SettingsGroup title="How the gateway logs in">
      <AuthenticatorChoice />
      <Field
        label="User"
        optional={!authenticatorEntry(authenticator).needsUser}
        placeholder="e.g. AISM_SERVICE"
        {...useTextField('user')}
      />
      <LoginSecrets />
    </SettingsGroup>
  );
}

function AuthenticatorChoice() {
  const { state, dispatch } = useSnowflakeForm();
  const choose = (value: string): void => {
    const chosen = Authenticator.safeParse(value);
    if (chosen.success) dispatch({ kind: 'changed', change: { authenticator: chosen.data } });
  };
  return (
    <RadioGroup
      className="choices"
      aria-label="How the gateway logs in"
      value={state.draft.authenticator}
      onChange={choose}
    >
      {authenticatorEntries.map(({ value, label, hint }) => (
        <Radio key={value} value={value} className="choice">
          <span className="choice-dot" />
          <span>
            {label}
            <span className="fine block">{hint}</span>
          </span>
        </Radio>
      ))}
    </RadioGroup>
  );
}

function LoginSecrets() {
  const { authenticator } = useSnowflakeForm().state.draft;
  switch (authenticator) {
    case 'SNOWFLAKE_JWT':
      return <PrivateKeyField />;
    case 'PROGRAMMATIC_ACCESS_TOKEN':
      return <SecretField name="token" label="Access token" />;
    case 'OAUTH_CLIENT_CREDENTIALS':
      return <OauthFields />;
    case 'EXTERNALBROWSER':
      return <p className="callout">The browser opens at the first delivery and whenever the session has ended.</p>;
    case 'SNOWFLAKE':
      return <PasswordFields />;
  }
}

function OauthFields() {
  return (
    <>
      <div className="field-row">
        <Field label="Client id" {...useTextField('oauthClientId')} />
        <Field label="Scope" optional placeholder="e.g. session:role:AISM_WRITER" {...useTextField('oauthScope')} />
      </div>
      <Field
        label="Token URL"
        placeholder="https://login.example.com/oauth2/token"
        hint="Where the identity provider hands out tokens."
        {...useTextField('oauthTokenUrl')}
      />
      <SecretField name="oauthClientSecret" label="Client secret" />
    </>
  );
}

function PasswordFields() {
  return (
    <>
      <p className="callout warn">
        <TriangleAlert size={14} aria-hidden />
        <span>
          Snowflake is blocking logins by password alone. Deliveries will stop when it does for this account; a key pair
          goes on working.
        </span>
      </p>
      <SecretField name="password" label="Password" />
    </>
  );
}
