/** A VARIANT as Snowflake sends it: keys in order, two spaces a level, numbers as they were written. */
type Json = string | { readonly items: readonly Json[] } | { readonly members: ReadonlyMap<string, Json> };

/** Scalars stay text, so that no digit of a number is lost. */
function read(text: string): Json {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let index = 0;
  const next = () => tokens[index++] ?? '';
  const value = (): Json => {
    const token = next();
    if (token === '{') return object();
    return token === '[' ? array() : token;
  };
  const array = (): Json => {
    const items: Json[] = [];
    while (index < tokens.length && tokens[index] !== ']') {
      items.push(value());
      if (tokens[index] === ',') index += 1;
    }
    index += 1;
    return { items };
  };
  const object = (): Json => {
    const members = new Map<string, Json>();
    while (index < tokens.length && tokens[index] !== '}') {
      const key = next();
      index += 1;
      members.set(key, value());
      if (tokens[index] === ',') index += 1;
    }
    index += 1;
    return { members: new Map([...members].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
  };
  return value();
}

function write(value: Json, indent: string): string {
  if (typeof value === 'string') return value;
  const inner = `${indent}  `;
  const isObject = 'members' in value;
  const lines = isObject
    ? Array.from(value.members, ([key, member]) => `${inner}${key}: ${write(member, inner)}`)
    : value.items.map((item) => `${inner}${write(item, inner)}`);
  const [open, close] = isObject ? ['{', '}'] : ['[', ']'];
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

export function variantText(json: string): string {
  return write(read(json), '');
}
