import { FileKey2 } from 'lucide-react';
import { useState, type ChangeEvent } from 'react';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { useIsKept, useSnowflakeForm, useTextField } from './form-context.ts';
import { keyKind } from './private-key.ts';
import { KeptSecret, SecretField } from './secret-field.tsx';

/** The private key, pasted or from a file. From the moment it is recognised it is not on screen any more. */
export function PrivateKeyField() {
  const { keptWords, dispatch } = useSnowflakeForm();
  const key = useTextField('privateKey');
  const kept = useIsKept('privateKey');
  const kind = keyKind(key.value);
  const recognised = kind === 'plain' || kind === 'encrypted';
  if (!kept && !recognised) return <KeyInput />;
  return (
    <>
      <KeptSecret label="Private key" words={kept ? keptWords : readWords(kind === 'encrypted')}>
        <Button
          size="small"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the field a person was in is gone; the focus goes on to what stands there now
          autoFocus={!kept}
          onPress={() => dispatch({ kind: 'replacing', field: 'privateKey' })}
        >
          Replace
        </Button>
      </KeptSecret>
      {kept ? <KeptPassphrase /> : null}
      {kind === 'encrypted' ? <SecretField name="privateKeyPassphrase" label="Passphrase of the key" fresh /> : null}
    </>
  );
}

/** The passphrase of a kept key; a kept key without one has none. */
function KeptPassphrase() {
  const { secretsKnown } = useSnowflakeForm();
  const known = secretsKnown.includes('privateKeyPassphrase');
  return known ? <SecretField name="privateKeyPassphrase" label="Passphrase of the key" /> : null;
}

function readWords(encrypted: boolean): string {
  return `read, ${encrypted ? 'encrypted with a passphrase' : 'without a passphrase'}; not saved yet`;
}

function KeyInput() {
  const { state } = useSnowflakeForm();
  const key = useTextField('privateKey');
  return (
    <div className="key-input">
      <Field
        label="Private key"
        type="multiline"
        takesFocus={state.replacing.has('privateKey')}
        placeholder={'-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----'}
        hint="PKCS#8 in PEM form, encrypted or not. It goes to the gateway only and is never shown again."
        {...key}
      />
      <KeyFile onRead={key.onChange} />
    </div>
  );
}

/** A key is a few kilobytes; anything larger was chosen by mistake. */
const largestKeyBytes = 64 * 1024;

function KeyFile({ onRead }: { onRead: (text: string) => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const read = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const input = event.target;
    const file = input.files?.[0];
    if (file === undefined) return;
    const tooLarge = file.size > largestKeyBytes;
    setProblem(tooLarge ? `${file.name} is too large for a key` : null);
    if (!tooLarge) onRead(await file.text());
    input.value = ''; // the same file can be chosen again
  };
  return (
    <div className="row">
      <label className="button plain small file-button">
        <FileKey2 size={13} aria-hidden />
        Choose file…
        <input
          type="file"
          className="visually-hidden"
          accept=".pem,.p8,.key,.txt"
          onChange={(event) => void read(event)}
        />
      </label>
      <output className="field-problem">{problem}</output>
    </div>
  );
}
