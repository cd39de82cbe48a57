/** People paste addresses where Snowflake asks for an account identifier. Finds the identifier in them. Pure. */

const hostEnd = /\.snowflakecomputing\.(com|cn)\.?$/i;

export interface AccountHint {
  readonly identifier: string;
  readonly words: string;
}

/** null when the text is no address of a Snowflake account. */
export function accountInside(text: string): AccountHint | null {
  const plain = text.trim().replace(/^[a-z]+:\/\//i, '');
  const [host = '', ...path] = plain.split(/[/?#]/);
  const name = host.replace(/:\d+$/, '');
  if (/^app\.snowflake\.com$/i.test(name)) {
    const [organisation = '', account = ''] = path;
    return organisation === '' || account === ''
      ? null
      : hint(`${organisation}-${account}`, 'the address of Snowsight');
  }
  if (!hostEnd.test(name)) return null;
  const identifier = name.replace(hostEnd, '');
  return identifier === '' ? null : hint(identifier, 'the address of the account');
}

function hint(identifier: string, what: string): AccountHint {
  return { identifier, words: `That is ${what}. The identifier in it is` };
}
