/** What is stored of a call and what never is (DESIGN P5), in words. */
export const stored: readonly string[] = [
  'Time, duration, status and size of each call',
  'Upstream, endpoint (ids in it replaced) and model',
  'Token counts, cost, and where each number came from',
  'Session, and the tags a client sends',
  'Name of the user, in the way chosen below',
  'A fingerprint of the key: eight characters of a keyed hash, and the last four of the key',
  'The kind of client, such as openai-python/1.40',
];

export const neverStored: readonly string[] = [
  'Prompts and answers, in whole or in part',
  'API keys, cookies and other headers',
  'Values in the query of an address',
  'Network addresses of clients',
];
